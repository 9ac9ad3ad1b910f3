// The search in this chat: asks the host as one types, lists the hits with the words around them, and goes to one. Up and
// Down choose, Enter goes there, Escape closes.

import { wordsOf } from "../markdown/plain.ts";
import { withoutHidden } from "../../protocol/text/hidden-characters.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { codicon, element, iconButton } from "./dom.ts";
import { contextOf } from "./find-context.ts";
import { texts } from "./texts.ts";
import { dateAndTime } from "./format-time.ts";

export interface FindActions {
  readonly find: (text: string, before: number | undefined) => void;
  readonly goTo: (seq: number) => void;
  /** Called with the last message that the person went to. */
  readonly closed: (seq: number | undefined) => void;
}

const pauseMs = 150;
const listId = "found";
/** A longer message is shown as its source text. */
const maxRead = 8_000;

export class FindBar {
  readonly root: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #count = element("span", { class: "count", role: "status" });
  readonly #list = element("ul", { class: "hits", role: "listbox", id: listId, "aria-label": texts.find });
  readonly #actions: FindActions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hits: readonly ChatMessage[] = [];
  #asked = "";
  #next: number | undefined;
  #chosen = -1;
  #gone: number | undefined;

  constructor(actions: FindActions) {
    this.#actions = actions;
    this.#input = element("input", {
      type: "text",
      role: "combobox",
      "aria-label": texts.find,
      "aria-controls": listId,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      placeholder: texts.findPlaceholder,
      dir: "auto",
      maxlength: "1024",
    });
    const close = iconButton("close", texts.close, () => this.close());
    const line = element("div", { class: "find-line" }, codicon("search"), this.#input, this.#count, close);
    this.root = element("search", { class: "find", hidden: "" }, line, this.#list);
    this.#input.addEventListener("input", () => this.#typed());
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  open(words = ""): void {
    this.root.hidden = false;
    if (words !== "") this.#input.value = words.slice(0, this.#input.maxLength);
    this.#input.focus();
    this.#input.select();
    this.#ask();
  }

  close(): void {
    const gone = this.#gone;
    this.forget();
    this.#actions.closed(gone);
  }

  /** Closes and drops all hits: another account must not see them. */
  forget(): void {
    clearTimeout(this.#timer);
    this.root.hidden = true;
    this.#hits = [];
    this.#asked = "";
    this.#gone = undefined;
    this.#list.replaceChildren();
  }

  show({ text, hits, next, refused }: Extract<ToPanel, { kind: "found" }>): void {
    if (this.root.hidden || text !== this.#asked) return;
    const known = new Set(this.#hits.map((each) => each.seq)); // the same page may have been requested twice
    this.#hits = [...this.#hits, ...hits.filter((each) => !known.has(each.seq))];
    this.#next = next;
    this.#count.textContent = refused ?? texts.found(this.#hits.length, next !== undefined);
    this.#draw();
    if (this.#chosen < 0 && this.#hits.length > 0) this.#choose(0);
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), pauseMs);
  }

  #ask(): void {
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (text === this.#asked) return;
    this.#asked = text;
    this.#next = undefined;
    this.#hits = [];
    this.#chosen = -1;
    this.#draw();
    this.#count.textContent = text === "" ? "" : texts.finding;
    if (text !== "") this.#actions.find(text, undefined);
  }

  #draw(): void {
    const hits = this.#hits.map((message, index) => {
      const at = new Date(message.sentAtMs);
      const words = contextOf(readable(message.text), this.#asked).map(({ text, found }) =>
        found ? element("mark", {}, text) : text,
      );
      const row = element(
        "li",
        { role: "option", id: `hit-${index}`, "aria-selected": String(index === this.#chosen) },
        element("bdi", { class: "author" }, message.from),
        element("bdi", { class: "words" }, ...words),
        ...(Number.isNaN(at.getTime())
          ? []
          : [element("time", { class: "time", datetime: at.toISOString() }, dateAndTime(at))]),
      );
      row.addEventListener("click", () => this.#go(index));
      return row;
    });
    const more = element(
      "li",
      { role: "option", class: "more", id: `hit-${hits.length}`, "aria-selected": "false" },
      texts.showMore,
    );
    more.addEventListener("click", () => this.#more());
    this.#list.replaceChildren(...hits, ...(this.#next === undefined ? [] : [more]));
    this.#input.setAttribute("aria-expanded", String(hits.length > 0));
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.#input) this.#enter();
    else if (step !== undefined && this.#list.childElementCount > 0) {
      const count = this.#list.childElementCount;
      this.#choose((this.#chosen + step + count) % count);
    } else return;
    event.preventDefault();
  }

  #enter(): void {
    if (this.#input.value.trim() !== this.#asked) this.#ask();
    else if (this.#chosen >= this.#hits.length && this.#next !== undefined) this.#more();
    else if (this.#chosen >= 0) this.#go(this.#chosen);
  }

  #choose(index: number): void {
    const rows = [...this.#list.children];
    rows[this.#chosen]?.setAttribute("aria-selected", "false");
    this.#chosen = index;
    rows[index]?.setAttribute("aria-selected", "true");
    rows[index]?.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", `hit-${index}`);
  }

  #go(index: number): void {
    this.#choose(index);
    const seq = this.#hits[index]?.seq;
    if (seq === undefined) return;
    this.#gone = seq;
    this.#actions.goTo(seq);
  }

  #more(): void {
    if (this.#next !== undefined) this.#actions.find(this.#asked, this.#next);
  }
}

function readable(text: string): string {
  return text.length > maxRead ? withoutHidden(text) : wordsOf(text);
}
