// The list of messages. Draws the loaded window of messages, keeps the reading position while messages are added before or
// after it or the width of the panel changes, and asks for more near both ends.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { MessageWindow } from "../../protocol/page/page-messages.ts";
import { element } from "./dom.ts";
import { DrawnRows } from "./drawn-rows.ts";
import { FocusRing } from "./focus-ring.ts";
import { Opened } from "./fold.ts";
import { NewerMessages } from "./newer-messages.ts";
import type { PageContext } from "./kinds/kind.ts";
import type { MessageToolbar } from "./message-toolbar.ts";
import { isPlaceholder } from "./timeline-row.ts";
import { texts } from "./texts.ts";
import { rowsOf } from "./timeline.ts";

export interface LogOptions {
  readonly page: PageContext;
  readonly toolbar: MessageToolbar;
  /** Asks for the newest messages, which are not loaded. */
  readonly newest: () => void;
  /** The reading position has changed: the message on top, or undefined while the newest is in view. */
  readonly moved: (anchor: number | undefined) => void;
  /** The person starts to write. */
  readonly leave: () => void;
}

export interface Drawing {
  readonly window: MessageWindow;
  /** The text shown if there are no messages. */
  readonly empty: string;
  /** The first message that is marked as new. */
  readonly newFrom: number | undefined;
  /** These are many messages at once, so a screen reader should not read them out. */
  readonly bulk: boolean;
  /** The message to show on top, or the end; otherwise the reading position stays. */
  readonly top?: number | "end" | undefined;
}

/** The reading position: the message on top of the list, and how far it is scrolled. */
interface ScrollPosition {
  readonly node: HTMLElement;
  readonly seq: number;
  readonly offset: number;
}

/** A position closer to an end than this counts as the end. */
const slackPx = 24;
/** How far ahead the list asks for more. */
const aheadPx = 800;
const shownForMs = 2_000;

export class LogView {
  readonly root: HTMLElement;
  readonly #log: HTMLElement;
  readonly #note: HTMLElement;
  readonly #newest: HTMLButtonElement;
  readonly #unread: HTMLButtonElement;
  readonly #options: LogOptions;
  readonly #focusRing: FocusRing;
  readonly #rows: DrawnRows;
  #window: MessageWindow = { messages: [], more: false, moreAfter: false };
  #newFrom: number | undefined;
  /** The pages that were requested, so that each is requested once. */
  #asked = new Set<string>();
  #atEnd = true;
  #place: ScrollPosition | undefined;
  #missed = 0;

  constructor(options: LogOptions) {
    const { page, toolbar, leave } = options;
    this.#options = options;
    this.#note = element("div", { class: "note" }, texts.loading);
    this.#log = element("div", { class: "log", role: "log" }, this.#note);
    this.#newest = element("button", { class: "jump newest", type: "button", hidden: "" });
    this.#unread = element("button", { class: "jump unread", type: "button", hidden: "" }, `↑ ${texts.firstUnread}`);
    this.root = element("section", { class: "messages" }, this.#log, this.#unread, this.#newest);
    const later = new NewerMessages((change) => this.#keepPlace(change));
    later.observe(this.#log);
    const toggle = (article: Element, change: () => void): void => this.#toggle(article, change);
    // The messages in view are different ones now.
    const rewidened = (): void => this.#restore(this.#place);
    this.#rows = new DrawnRows(this.#note, page, { later, opened: new Opened(), toggle, rewidened });
    const message = (seq: number): ChatMessage | undefined => this.#window.messages.find((each) => each.seq === seq);
    this.#focusRing = new FocusRing(this.#log, { toolbar, message, leave });
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Each button hides itself, so the focus has to move to its target.
    this.#newest.addEventListener("click", () => {
      if (this.#isUnreadBelow()) this.#toUnread();
      else this.toEnd();
      leave();
    });
    this.#unread.addEventListener("click", () => this.#toUnread());
    new ResizeObserver(() => this.#restore(this.#place)).observe(this.#log);
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  setLabel(label: string): void {
    this.#log.setAttribute("aria-label", label);
  }

  draw(drawing: Drawing): void {
    const { window, empty, newFrom, bulk, top } = drawing;
    const before = this.#look();
    const news = bulk ? [] : this.#newsIn(window);
    if (!this.#atEnd) this.#missed += news.filter((each) => !each.own).length;
    this.#window = window;
    this.#newFrom = newFrom;
    this.#asked.clear();
    this.#showNote(empty);
    const rows = rowsOf(window.messages, newFrom);
    const first = top === undefined || top === "end" ? before?.seq : top;
    const at = rows.findIndex((each) => each.kind === "message" && each.message.seq === first);
    const { focused } = this.#focusRing;
    this.#rows.show(rows, news, at === -1 ? rows.length : at);
    this.#focusRing.restore(focused);
    if (top === "end") this.#log.scrollTop = this.#log.scrollHeight;
    else if (top === undefined || !this.#scrollTo(top)) this.#restore(before);
    this.#scrolled();
  }

  toEnd(): void {
    if (this.#window.moreAfter) this.#options.newest();
    else if (!this.#atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Scrolls to a message; false if it is not drawn. */
  goTo(seq: number): boolean {
    if (!this.#scrollTo(seq, this.#log.clientHeight / 4)) return false;
    const node = this.#rows.node(`message-${seq}`);
    node?.classList.add("shown");
    setTimeout(() => node?.classList.remove("shown"), shownForMs);
    return true;
  }

  /** Focuses a message; false if it is not drawn. */
  focusOn(seq: number): boolean {
    const node = this.#rows.node(`message-${seq}`);
    node?.focus({ preventScroll: true });
    return node !== undefined;
  }

  #showNote(empty: string): void {
    const { messages, more } = this.#window;
    const isEmpty = messages.length === 0;
    const words = isEmpty ? empty : more ? texts.loadingOlder : "";
    this.#log.classList.toggle("is-empty", isEmpty);
    this.#note.setAttribute("aria-live", isEmpty ? "polite" : "off");
    this.#note.hidden = words === "";
    if (this.#note.textContent !== words) this.#note.textContent = words; // setting it again would make a screen reader repeat it
  }

  /** Returns the messages after the last one, without those already shown while they were being sent. */
  #newsIn({ messages }: MessageWindow): readonly ChatMessage[] {
    const last = this.#window.messages.at(-1)?.seq ?? 0;
    const shown = new Set(this.#window.messages.filter(isPlaceholder).map((each) => each.mid));
    return messages.filter((each) => each.seq > last && !(each.own && shown.has(each.mid)));
  }

  /** @param abovePx how much is shown above the message */
  #scrollTo(seq: number, abovePx = 0): boolean {
    const first = seq === this.#newFrom ? this.#rows.node("new") : undefined;
    const node = first ?? this.#rows.node(`message-${seq}`);
    if (node === undefined) return false;
    this.#log.scrollTop = node.offsetTop - (first === undefined ? abovePx : 8);
    return true;
  }

  #toUnread(): void {
    const seq = this.#newFrom;
    if (seq === undefined || !this.#scrollTo(seq)) this.#options.page.post({ kind: "go", to: "unread" });
    else this.focusOn(seq);
  }

  #keepPlace(change: () => void): void {
    const before = this.#look();
    change();
    this.#restore(before);
    this.#scrolled();
  }

  /** Keeps the top of the message in place, or shows it if it was out of view above. */
  #toggle(article: Element, change: () => void): void {
    const { top } = article.getBoundingClientRect();
    change();
    this.#log.scrollTop += article.getBoundingClientRect().top - top;
    if (top < this.#log.getBoundingClientRect().top) article.scrollIntoView({ block: "nearest" });
    this.#scrolled();
  }

  #look(): ScrollPosition | undefined {
    if (this.#atEnd) return undefined;
    const { scrollTop } = this.#log;
    for (const node of this.#log.querySelectorAll<HTMLElement>("article")) {
      const { offsetTop } = node;
      if (offsetTop + node.offsetHeight <= scrollTop) continue;
      return { node, offset: offsetTop - scrollTop, seq: Number(node.dataset["seq"]) };
    }
    return undefined;
  }

  #restore(place: ScrollPosition | undefined): void {
    const node = place && (this.#rows.node(`message-${place.seq}`) ?? place.node);
    if (place !== undefined && node?.isConnected === true) this.#log.scrollTop = node.offsetTop - place.offset;
    else if (this.#atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Measures everything before changing anything: a measurement after a change forces another layout. */
  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    const { messages, more, moreAfter } = this.#window;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#atEnd = below <= slackPx && !moreAfter;
    this.#place = this.#look();
    this.#unread.hidden = !this.#isUnreadAbove(scrollTop);
    if (this.#atEnd) this.#missed = 0;
    this.#newest.hidden = this.#atEnd || messages.length === 0;
    const newest = this.#missed > 0 ? texts.newestWith(this.#missed) : texts.newest;
    const words = `↓ ${this.#isUnreadBelow() ? texts.firstUnread : newest}`;
    if (this.#newest.textContent !== words) this.#newest.textContent = words;
    const seq = this.#place?.seq;
    this.#options.moved(Number.isInteger(seq) ? seq : undefined);
    const first = messages[0]?.seq;
    const last = messages.findLast((each) => !isPlaceholder(each))?.seq;
    if (scrollTop < aheadPx && more && first !== undefined) this.#ask({ kind: "older", before: first });
    if (below < aheadPx && moreAfter && last !== undefined) this.#ask({ kind: "newer", after: last });
  }

  #ask(page: { kind: "older"; before: number } | { kind: "newer"; after: number }): void {
    const key = JSON.stringify(page);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#options.page.post(page);
  }

  #isUnreadBelow(): boolean {
    const last = this.#window.messages.at(-1)?.seq;
    if (this.#newFrom === undefined || last === undefined) return false;
    const line = this.#rows.node("new");
    return line === undefined ? this.#newFrom > last : line.offsetTop > this.#log.scrollTop + this.#log.clientHeight;
  }

  #isUnreadAbove(scrollTop: number): boolean {
    const first = this.#window.messages[0]?.seq;
    if (this.#newFrom === undefined || first === undefined) return false;
    const line = this.#rows.node("new");
    return line === undefined ? this.#newFrom < first : line.offsetTop + line.offsetHeight < scrollTop;
  }
}
