// The list of messages: keeps what is drawn in step with the loaded stretch by key, keeps the place where a person reads
// while messages come before or after it, and asks for more near both ends. What is drawn is bounded by the stretch.

import type { Stretch } from "./stretch.ts";
import { element } from "./dom.ts";
import { FocusRing } from "./focus-ring.ts";
import type { MessageToolbar } from "./message-toolbar.ts";
import { drawRow, signatureOf } from "./rows.ts";
import type { RowActions, Setting } from "./rows.ts";
import { texts } from "./texts.ts";
import { rowsOf } from "./timeline.ts";

export interface LogActions extends RowActions {
  readonly older: (before: number) => void;
  readonly newer: (after: number) => void;
  readonly newest: () => void;
  readonly unread: () => void;
  /** The place changed: the message on top, or undefined while the newest is in view. */
  readonly moved: (anchor: number | undefined) => void;
}

export interface Drawing {
  readonly stretch: Stretch;
  readonly setting: Setting;
  /** What is said where there are none. */
  readonly empty: string;
  /** The first message that is marked as new. */
  readonly newFrom: number | undefined;
  /** Many at once: nothing that a screen reader should read out. */
  readonly bulk: boolean;
  /** The message to scroll to, or the end; otherwise the place stays where it is. */
  readonly top?: number | "end" | undefined;
}

interface Place {
  readonly node: HTMLElement;
  readonly seq: string | undefined;
  readonly offset: number;
}

/** Closer to an end than this is at it. */
const slackPx = 24;
/** More is asked for this far before it is needed. */
const aheadPx = 800;
const shownForMs = 2_000;

export class LogView {
  readonly root: HTMLElement;
  readonly #log: HTMLElement;
  readonly #note: HTMLElement;
  readonly #newest: HTMLButtonElement;
  readonly #unread: HTMLButtonElement;
  readonly #actions: LogActions;
  readonly #focusRing: FocusRing;
  readonly #drawn = new Map<string, { node: HTMLElement; signature: string }>();
  #stretch: Stretch = { messages: [], more: false, moreAfter: false };
  #newFrom: number | undefined;
  /** The end of the stretch that was asked for, so that it is asked once. */
  #asked = new Set<string>();
  #atEnd = true;
  #missed = 0;

  constructor(actions: LogActions, toolbar: MessageToolbar, leave: () => void) {
    this.#actions = actions;
    this.#note = element("div", { class: "note" }, texts.loading);
    this.#log = element("div", { class: "log", role: "log", "aria-busy": "true" }, this.#note);
    this.#newest = element("button", { class: "jump newest", type: "button", hidden: "" });
    this.#unread = element("button", { class: "jump unread", type: "button", hidden: "" }, `↑ ${texts.firstUnread}`);
    this.root = element("section", { class: "messages" }, this.#log, this.#unread, this.#newest);
    const message = (seq: number): Stretch["messages"][number] | undefined =>
      this.#stretch.messages.find((each) => each.seq === seq);
    this.#focusRing = new FocusRing(this.#log, { toolbar, message, leave });
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#newest.addEventListener("click", () => this.toEnd());
    this.#unread.addEventListener("click", () => this.#toUnread());
    new ResizeObserver(() => {
      if (this.#atEnd) this.toEnd();
    }).observe(this.#log);
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  setLabel(label: string): void {
    this.#log.setAttribute("aria-label", label);
  }

  setNote(words: string): void {
    this.#note.textContent = words;
    this.#note.hidden = words === "";
  }

  draw(drawing: Drawing): void {
    const { stretch, setting, empty, newFrom, bulk, top } = drawing;
    const before = this.#place();
    const newestBefore = this.#stretch.messages.at(-1)?.seq ?? 0;
    const fresh = stretch.messages.filter((each) => each.seq > newestBefore);
    const quiet = bulk || fresh.length === 0; // what only looks different is not read out again
    if (quiet) this.#log.setAttribute("aria-busy", "true");
    if (!this.#atEnd && !bulk) this.#missed += fresh.filter((each) => !each.own).length;
    this.#stretch = stretch;
    this.#newFrom = newFrom;
    this.#asked.clear();
    this.setNote(stretch.messages.length === 0 ? empty : stretch.more ? texts.loadingOlder : "");
    this.#log.classList.toggle("is-empty", stretch.messages.length === 0);
    this.#focusRing.keep(() => this.#reconcile(setting));
    if (top === "end") this.#log.scrollTop = this.#log.scrollHeight;
    else if (top === undefined || !this.#scrollTo(top)) this.#restore(before);
    if (quiet) requestAnimationFrame(() => this.#log.removeAttribute("aria-busy"));
    this.#scrolled();
  }

  toEnd(): void {
    if (this.#stretch.moreAfter) this.#actions.newest();
    else this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Shows a message that is drawn; false where it is not drawn. */
  goTo(seq: number): boolean {
    if (!this.#scrollTo(seq)) return false;
    const node = this.#drawn.get(`message-${seq}`)?.node;
    node?.classList.add("shown");
    setTimeout(() => node?.classList.remove("shown"), shownForMs);
    return true;
  }

  /** Puts the focus on a message; false where it is not drawn. */
  focusOn(seq: number): boolean {
    const node = this.#drawn.get(`message-${seq}`)?.node;
    node?.focus({ preventScroll: true });
    return node !== undefined;
  }

  #scrollTo(seq: number): boolean {
    const first = seq === this.#newFrom ? this.#drawn.get("new")?.node : undefined;
    const node = first ?? this.#drawn.get(`message-${seq}`)?.node;
    if (node === undefined) return false;
    this.#log.scrollTop = node.offsetTop - (first === undefined ? this.#log.clientHeight / 4 : 8);
    return true;
  }

  #toUnread(): void {
    if (this.#newFrom === undefined || !this.#scrollTo(this.#newFrom)) this.#actions.unread();
  }

  #reconcile(setting: Setting): void {
    const rows = rowsOf(this.#stretch.messages, this.#newFrom);
    const kept = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#drawn) {
      if (kept.has(key)) continue;
      node.remove();
      this.#drawn.delete(key);
    }
    let place: Element | null = this.#note.nextElementSibling;
    for (const row of rows) {
      const signature = signatureOf(row, setting);
      const known = this.#drawn.get(row.key);
      let node = known?.node;
      if (node === undefined || known?.signature !== signature) {
        const fresh = drawRow(row, setting, this.#actions);
        if (node !== undefined && node === place) place = node.nextElementSibling;
        node?.remove();
        node = fresh;
        this.#drawn.set(row.key, { node, signature });
      }
      if (node === place) place = node.nextElementSibling;
      else this.#log.insertBefore(node, place);
    }
  }

  /** Where the person reads: the message on top and how far it is scrolled, or the end. */
  #place(): Place | undefined {
    const node = this.#atEnd ? undefined : this.#topmost();
    return node && { node, offset: node.offsetTop - this.#log.scrollTop, seq: node.dataset["seq"] };
  }

  #restore(place: Place | undefined): void {
    const node = place && (this.#drawn.get(`message-${place.seq ?? ""}`)?.node ?? place.node);
    if (place !== undefined && node?.isConnected === true) this.#log.scrollTop = node.offsetTop - place.offset;
    else if (this.#atEnd) this.#log.scrollTop = this.#log.scrollHeight;
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
    const { messages, more, moreAfter } = this.#stretch;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#atEnd = below <= slackPx && !moreAfter;
    if (this.#atEnd) this.#missed = 0;
    this.#newest.hidden = this.#atEnd || messages.length === 0;
    this.#newest.textContent = `↓ ${this.#missed > 0 ? texts.newestWith(this.#missed) : texts.newest}`;
    this.#unread.hidden = !this.#isUnreadAbove(scrollTop);
    const seq = this.#atEnd ? undefined : Number(this.#topmost()?.dataset["seq"]);
    this.#actions.moved(seq !== undefined && Number.isInteger(seq) ? seq : undefined);
    const first = messages[0]?.seq;
    const last = messages.findLast((each) => Number.isInteger(each.seq))?.seq;
    if (scrollTop < aheadPx && more && first !== undefined) this.#ask("older", first);
    if (below < aheadPx && moreAfter && last !== undefined) this.#ask("newer", last);
  }

  #ask(which: "older" | "newer", seq: number): void {
    const key = `${which}-${seq}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#actions[which](seq);
  }

  #isUnreadAbove(scrollTop: number): boolean {
    const first = this.#stretch.messages[0]?.seq;
    if (this.#newFrom === undefined || first === undefined) return false;
    const line = this.#drawn.get("new")?.node;
    return line === undefined ? this.#newFrom < first : line.offsetTop + line.offsetHeight < scrollTop;
  }
}
