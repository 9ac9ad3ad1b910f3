// The composer. Enter sends; Shift+Enter, and Enter in a code block, breaks the line. While an input method composes a
// character, Enter belongs to it. compose-state.ts decides what happens to the text.

import { endsInCode } from "../markdown/parse.ts";
import { CompletionList } from "./completion-list.ts";
import { codicon, element, iconButton } from "./dom.ts";
import { Fencing } from "./fencing.ts";
import { editorDataType, editorLanguageOf, fencesFor } from "./paste.ts";
import { texts } from "./texts.ts";
import type { Whom } from "./texts.ts";

/** What the person does in the composer. */
export interface ComposerActions {
  typed(text: string): void;
  send(): void;
  attach(): void;
  /** Asks for names with this prefix; `offer` is the answer. */
  whom(typed: string): void;
  /** ArrowUp in an empty composer. */
  editLast(): void;
  /** Cancels the reply or the edit that is being written; false if there is none. */
  cancel(): boolean;
}

/** What the text is, if it is not a plain new message. */
export interface Strip {
  readonly icon: string;
  readonly words: string;
  /** The text replaces an earlier one. */
  readonly saves?: boolean;
}

/** `pending`: one can write, but not send. `closed`: nobody is signed in. */
export type Writing = "open" | "pending" | "closed";

const noticeForMs = 4_000;
const hintForMs = 10_000;

export class Composer {
  readonly root: HTMLElement;
  readonly #input: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #attach: HTMLButtonElement;
  readonly #sendIcon = element("span");
  readonly #sendWords = element("span", { class: "words" });
  readonly #strip = element("div", { class: "strip", hidden: "" });
  readonly #problem = element("div", { class: "problem", role: "alert" });
  readonly #notice = element("div", { class: "mention-line", role: "status" });
  readonly #list: CompletionList;
  readonly #fencing: Fencing;
  readonly #actions: ComposerActions;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the problem disappears once the daemon can be reached again. */
  #transient = false;
  /** Whether the person has seen the hint about Enter in code; once is enough. */
  #hinted = false;
  #writing: Writing | undefined;

  /** @param everyone whether the conversation is with everyone who is online */
  constructor(actions: ComposerActions, everyone: boolean) {
    this.#actions = actions;
    this.#input = element("textarea", { rows: "1", dir: "auto", spellcheck: "true" });
    this.#fencing = new Fencing(this.#input);
    this.#list = new CompletionList(
      this.#input,
      () => this.#changed(),
      (typed) => actions.whom(typed),
    );
    this.#list.known = { names: [], everyone };
    this.#send = element("button", { class: "send", type: "button" }, this.#sendIcon, this.#sendWords);
    this.#attach = iconButton("attach", texts.attachTitle, () => actions.attach());
    this.#attach.setAttribute("aria-label", texts.attach);
    const writing = element("div", { class: "writing" }, this.#attach, this.#input, this.#send);
    this.root = element(
      "div",
      { class: "composer" },
      this.#strip,
      this.#problem,
      this.#notice,
      this.#list.root,
      writing,
    );
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("paste", (event) => this.#paste(event));
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#send.addEventListener("click", () => {
      actions.send();
      this.focus();
    });
    this.#setStrip(undefined);
    this.#enable();
  }

  /** @param writing undefined until the host has reported it */
  show(whom: Whom, writing: Writing | undefined): void {
    this.#writing = writing;
    this.#input.setAttribute("aria-label", texts.composer(whom));
    this.#input.placeholder = writing === "closed" ? texts.placeholderSignedOut : texts.placeholder(whom);
    this.#input.readOnly = writing === undefined || writing === "closed";
    this.#enable();
  }

  offer(typed: string, names: readonly string[]): void {
    this.#list.offer(typed, names);
  }

  /** @param strip undefined for a new message that is not a reply */
  setContent(text: string, strip: Strip | undefined): void {
    if (this.#input.value !== text) this.#input.value = text;
    this.#list.close();
    this.#enable();
    this.#setStrip(strip);
  }

  /** Inserts a text at the caret, on lines of its own. */
  insert(text: string): void {
    const { value, selectionStart, selectionEnd } = this.#input;
    const gap = selectionStart > 0 && value[selectionStart - 1] !== "\n" ? "\n" : "";
    this.#input.setRangeText(gap + text, selectionStart, selectionEnd, "end");
    this.#changed();
    this.focus();
  }

  /**
   * Says why the text was refused, until the next key. @param transient also cleared once the daemon can be reached again
   */
  setProblem(words: string, transient = false): void {
    this.#transient = transient;
    if (this.#problem.textContent !== words) this.#problem.textContent = words;
  }

  /** Says that something was done; disappears after a while. */
  notify(words: string, forMs = noticeForMs): void {
    clearTimeout(this.#noticeTimer);
    this.#notice.textContent = words;
    this.#noticeTimer = setTimeout(() => (this.#notice.textContent = ""), forMs);
  }

  /** To be called once the daemon can be reached again. */
  recovered(): void {
    if (this.#transient) this.setProblem("");
  }

  focus(): void {
    this.#input.focus();
  }

  #changed(): void {
    this.setProblem("");
    this.#list.update();
    this.#actions.typed(this.#input.value);
    this.#enable();
  }

  #paste({ clipboardData: data }: ClipboardEvent): void {
    const { value, selectionStart } = this.#input;
    const text = data?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    const fences = fencesFor(text, editorLanguageOf(data?.getData(editorDataType) ?? ""));
    if (fences === undefined || this.#input.readOnly || endsInCode(value.slice(0, selectionStart))) return;
    this.#fencing.expect(fences);
    this.notify(texts.pastedAsCode);
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || this.#list.key(event)) return;
    const empty = this.#input.value === "";
    if (event.key === "Enter" && this.#breaksLine(event)) return;
    if (event.key === "Enter") this.#actions.send();
    else if (event.key === "ArrowUp" && empty && !event.shiftKey) this.#actions.editLast();
    else if (event.key !== "Escape" || !this.#actions.cancel()) return;
    event.preventDefault();
  }

  /** Whether Enter breaks the line: with Shift, or in a code block, where Ctrl or ⌘ sends. */
  #breaksLine({ shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (shiftKey || ctrlKey || metaKey) return shiftKey;
    const { value, selectionStart } = this.#input;
    if (!endsInCode(value.slice(0, selectionStart))) return false;
    if (!this.#hinted) this.notify(texts.enterInCode, hintForMs);
    this.#hinted = true;
    return true;
  }

  #setStrip(strip: Strip | undefined): void {
    if (strip?.saves === true) this.#setSend("check", texts.save, texts.saveTitle);
    else this.#setSend("send", texts.send, texts.sendTitle);
    this.#strip.hidden = strip === undefined;
    if (strip === undefined) this.#strip.replaceChildren();
    else {
      const cancel = iconButton("close", texts.cancel, () => {
        this.#actions.cancel();
        this.focus();
      });
      this.#strip.replaceChildren(codicon(strip.icon), element("bdi", { class: "words" }, strip.words), cancel);
    }
  }

  /** In a narrow panel only its icon is visible. */
  #setSend(icon: string, name: string, title: string): void {
    this.#sendIcon.replaceChildren(codicon(icon));
    this.#sendWords.textContent = name;
    this.#send.setAttribute("aria-label", name);
    this.#send.title = title;
  }

  #enable(): void {
    this.#send.disabled = this.#writing !== "open" || this.#input.value.trim() === "";
    this.#attach.disabled = this.#writing !== "open";
  }
}
