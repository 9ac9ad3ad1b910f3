// The rows of the list, by key. Rows that are new or look different are redrawn; the others are left alone, so that focus
// and selection stay. A screen reader reads out every change of a live region, so only new messages are live regions: rows
// that are loaded with a page, or only redrawn, are not.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { measureFolds } from "./draw-text.ts";
import type { PageContext } from "./kinds/kind.ts";
import { drawRow, drawStrange, signatureOf } from "./timeline-row.ts";
import type { RowPlace } from "./timeline-row.ts";
import type { Row } from "./timeline.ts";

interface Drawn {
  readonly node: HTMLElement;
  readonly signature: string;
  readonly message: ChatMessage | undefined;
}

export class DrawnRows {
  readonly #note: HTMLElement;
  readonly #page: PageContext;
  readonly #place: RowPlace;
  readonly #drawn = new Map<string, Drawn>();
  /** Watches texts that may be folded: their number of lines changes with the width. */
  readonly #widths: ResizeObserver;

  /** @param note the element before the rows */
  constructor(note: HTMLElement, page: PageContext, place: RowPlace) {
    this.#note = note;
    this.#page = page;
    this.#place = place;
    this.#widths = new ResizeObserver((entries) => {
      measureFolds(entries.map(({ target }) => target));
      place.rewidened();
    });
  }

  node(key: string): HTMLElement | undefined {
    return this.#drawn.get(key)?.node;
  }

  /** @param first the row to draw first, then those next to it: many rows are not all drawn at once */
  show(rows: readonly Row[], news: readonly ChatMessage[], first: number): void {
    this.#place.later.begin();
    const kept = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#drawn) if (!kept.has(key)) this.#forget(key, node);
    const fresh: Element[] = [];
    const nodes: HTMLElement[] = [];
    for (const index of nearest(first, rows.length)) {
      const row = rows[index];
      if (row !== undefined) nodes[index] = this.#nodeOf(row, news, fresh);
    }
    let previous = this.#note;
    for (const node of nodes) {
      if (previous.nextElementSibling !== node) previous.after(node);
      previous = node;
    }
    measureFolds(fresh);
    for (const text of fresh) this.#widths.observe(text);
  }

  #nodeOf(row: Row, news: readonly ChatMessage[], fresh: Element[]): HTMLElement {
    const signature = attempt(() => signatureOf(row, this.#page.setting())) ?? row.key;
    const message = row.kind === "message" ? row.message : undefined;
    const known = this.#drawn.get(row.key);
    if (known?.signature === signature && isSame(known.message, message)) {
      this.#drawn.set(row.key, { ...known, message });
      return known.node;
    }
    const node = attempt(() => drawRow(row, this.#page, this.#place)) ?? drawStrange(row);
    const isNews = known === undefined && message !== undefined && news.includes(message);
    if (!isNews) node.setAttribute("aria-live", "off");
    known?.node.replaceWith(node);
    if (known) this.#forget(row.key, known.node);
    this.#drawn.set(row.key, { node, signature, message });
    fresh.push(...textsIn(node));
    return node;
  }

  #forget(key: string, node: HTMLElement): void {
    for (const text of textsIn(node)) this.#widths.unobserve(text);
    node.remove();
    this.#drawn.delete(key);
  }
}

/** Runs the work for one row: a row that cannot be drawn must not keep the others from being drawn. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Returns the texts that may be folded. */
function textsIn(node: HTMLElement): Iterable<Element> {
  return node.querySelectorAll(":scope > .text:has(+ .fold)");
}

/** Compares two messages. A repeated message is a new object; most rows have the same object as before. */
function isSame(one: ChatMessage | undefined, other: ChatMessage | undefined): boolean {
  return one === other || (one?.text === other?.text && JSON.stringify(one) === JSON.stringify(other));
}

/** Yields all indices below `count`, those next to `first` before the others. */
function* nearest(first: number, count: number): Generator<number> {
  const start = Math.min(Math.max(0, first), count - 1);
  for (let distance = 0; distance < count; distance += 1) {
    if (start - distance >= 0) yield start - distance;
    if (distance > 0 && start + distance < count) yield start + distance;
  }
}
