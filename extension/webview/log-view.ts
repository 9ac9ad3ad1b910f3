// The list of messages: keeps what is drawn in step with the messages by key, keeps the place where a person reads while
// messages come before or after it, and asks for older ones at the top. Draws all that is loaded.

import type { ChatMessage } from "../../protocol/editor/model.ts";
import { element } from "./dom.ts";
import { drawRow, signatureOf } from "./rows.ts";
import type { RowActions } from "./rows.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";
import { rowsOf } from "./timeline.ts";

export interface LogActions extends RowActions {
  readonly older: () => void;
  /** The place changed: the message on top, or undefined while the newest is in view. */
  readonly moved: (anchor: number | undefined) => void;
}

export interface Drawing {
  readonly messages: readonly ChatMessage[];
  /** What is said where there are none. */
  readonly empty: string;
  /** There are older ones to be asked for. */
  readonly more: boolean;
  /** The first message that is marked as new. */
  readonly newFrom: number | undefined;
  /** Many at once: nothing that a screen reader should read out. */
  readonly bulk: boolean;
  /** The message to scroll to; otherwise the place stays where it is. */
  readonly top?: number | undefined;
}

interface Place {
  readonly node: HTMLElement;
  readonly seq: string | undefined;
  readonly offset: number;
}

/** Closer to an end than this is at it. */
const slackPx = 24;
const olderPx = 200;

export class LogView {
  readonly root: HTMLElement;
  readonly #log: HTMLElement;
  readonly #note: HTMLElement;
  readonly #newest: HTMLElement;
  readonly #actions: LogActions;
  readonly #drawn = new Map<string, { node: HTMLElement; signature: string }>();
  #whom: Whom = { everyone: false, name: "", presence: "offline", refuses: false };
  #more = false;
  #askedOlder = false;
  #atEnd = true;

  constructor(actions: LogActions) {
    this.#actions = actions;
    this.#note = element("div", { class: "note" }, texts.loading);
    this.#log = element("div", { class: "log", role: "log", tabindex: "0", "aria-busy": "true" }, this.#note);
    this.#newest = element("button", { class: "newest", type: "button", hidden: "" }, `↓ ${texts.newest}`);
    this.root = element("section", { class: "messages" }, this.#log, this.#newest);
    this.#log.addEventListener("scroll", () => this.#scrolled());
    this.#newest.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => {
      if (this.#atEnd) this.toEnd();
    }).observe(this.#log);
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  setWhom(whom: Whom): void {
    this.#whom = whom;
    this.#log.setAttribute("aria-label", texts.log(whom));
  }

  setNote(words: string): void {
    this.#note.textContent = words;
    this.#note.hidden = words === "";
  }

  draw(drawing: Drawing): void {
    const { messages, empty, more, newFrom, bulk, top } = drawing;
    const before = this.#place();
    if (bulk) this.#log.setAttribute("aria-busy", "true");
    this.#more = more;
    this.#askedOlder = false;
    this.setNote(messages.length === 0 ? empty : more ? texts.loadingOlder : "");
    this.#log.classList.toggle("is-empty", messages.length === 0);
    this.#reconcile(messages, newFrom);
    const wanted = this.#drawn.get(top !== undefined && top === newFrom ? "new" : `message-${top ?? ""}`)?.node;
    if (wanted === undefined) this.#restore(before);
    else this.#log.scrollTop = wanted.offsetTop;
    if (bulk) requestAnimationFrame(() => this.#log.removeAttribute("aria-busy"));
    this.#scrolled();
  }

  toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #reconcile(messages: readonly ChatMessage[], newFrom: number | undefined): void {
    const rows = rowsOf(messages, newFrom);
    const kept = new Set<string>();
    let place: Element | null = this.#note.nextElementSibling;
    for (const row of rows) {
      kept.add(row.key);
      const signature = signatureOf(row, this.#whom);
      const known = this.#drawn.get(row.key);
      let node = known?.node;
      if (node === undefined || known?.signature !== signature) {
        const fresh = drawRow(row, this.#whom, this.#actions);
        if (node !== undefined && node === place) place = node.nextElementSibling;
        node?.remove();
        node = fresh;
        this.#drawn.set(row.key, { node, signature });
      }
      if (node === place) place = node.nextElementSibling;
      else this.#log.insertBefore(node, place);
    }
    for (const [key, { node }] of this.#drawn) {
      if (kept.has(key)) continue;
      node.remove();
      this.#drawn.delete(key);
    }
  }

  /** Where the person reads: the message on top and how far it is scrolled, or the end. */
  #place(): Place | undefined {
    const node = this.#atEnd ? undefined : this.#topmost();
    return node && { node, offset: node.offsetTop - this.#log.scrollTop, seq: node.dataset["seq"] };
  }

  #restore(place: Place | undefined): void {
    if (place === undefined) {
      if (this.#atEnd) this.toEnd();
      return;
    }
    const node = this.#drawn.get(`message-${place.seq ?? ""}`)?.node ?? place.node;
    this.#log.scrollTop = node.offsetTop - place.offset;
  }

  #topmost(): HTMLElement | undefined {
    const top = this.#log.scrollTop;
    for (const node of this.#log.querySelectorAll<HTMLElement>("article")) {
      if (node.offsetTop + node.offsetHeight > top) return node;
    }
    return undefined;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight <= slackPx;
    this.#newest.hidden = this.#atEnd;
    const seq = this.#atEnd ? undefined : Number(this.#topmost()?.dataset["seq"]);
    this.#actions.moved(seq === undefined || Number.isNaN(seq) ? undefined : seq);
    if (scrollTop < olderPx && this.#more && !this.#askedOlder) {
      this.#askedOlder = true;
      this.#actions.older();
    }
  }
}
