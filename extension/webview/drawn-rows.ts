// The rows that stand in the list, by key: what is new or looks different is drawn, the others are left alone, so that focus
// and selection stay. A screen reader takes every change of the list for something new, so only news are left for it to
// read out: what comes by the page, or is only drawn anew, is no live region.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import { drawRow, signatureOf } from "./rows.ts";
import type { RowActions, Setting } from "./rows.ts";
import type { Row } from "./timeline.ts";

export class DrawnRows {
  readonly #note: HTMLElement;
  readonly #actions: RowActions;
  readonly #drawn = new Map<string, { readonly node: HTMLElement; readonly signature: string }>();

  /** @param note what the rows stand behind */
  constructor(note: HTMLElement, actions: RowActions) {
    this.#note = note;
    this.#actions = actions;
  }

  node(key: string): HTMLElement | undefined {
    return this.#drawn.get(key)?.node;
  }

  show(rows: readonly Row[], setting: Setting, news: readonly ChatMessage[]): void {
    const kept = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#drawn) {
      if (kept.has(key)) continue;
      node.remove();
      this.#drawn.delete(key);
    }
    let previous = this.#note;
    for (const row of rows) {
      const node = this.#nodeOf(row, setting, news);
      if (previous.nextElementSibling !== node) previous.after(node);
      previous = node;
    }
  }

  #nodeOf(row: Row, setting: Setting, news: readonly ChatMessage[]): HTMLElement {
    const signature = signatureOf(row, setting);
    const known = this.#drawn.get(row.key);
    if (known?.signature === signature) return known.node;
    const node = drawRow(row, setting, this.#actions);
    const isNews = known === undefined && row.kind === "message" && news.includes(row.message);
    if (!isNews) node.setAttribute("aria-live", "off");
    known?.node.replaceWith(node);
    this.#drawn.set(row.key, { node, signature });
    return node;
  }
}
