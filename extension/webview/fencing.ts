// Turns text that was just pasted into a text area into a code block, in a way that the browser can undo: the browser
// pastes, then the fences are inserted after and before it. These are two undo steps to the browser but one to the person,
// so an undo or redo that stops between them continues automatically. (A single step that replaces the whole text would take
// quadratic time in its lines.)

import type { Fences } from "./paste.ts";

export class Fencing {
  readonly #area: HTMLTextAreaElement;
  /** The last few texts that had only one of their two fences. */
  #halves: string[] = [];
  #pasting: { readonly fences: Fences; readonly start: number } | undefined;

  constructor(area: HTMLTextAreaElement) {
    this.#area = area;
    area.addEventListener("input", (event) => {
      // Deferred: VS Code pastes and undoes by commands, and a command within a command is refused.
      if (event instanceof InputEvent) queueMicrotask(() => this.#changed(event.inputType));
    });
  }

  /** To be called before the browser pastes a text that gets these fences. */
  expect(fences: Fences): void {
    this.#pasting = { fences, start: this.#area.selectionStart };
  }

  #changed(inputType: string): void {
    const pasted = this.#pasting;
    this.#pasting = undefined;
    if (inputType === "insertFromPaste" && pasted) this.#enclose(pasted.fences, pasted.start);
    const isHalf = this.#halves.includes(this.#area.value);
    if (isHalf && inputType === "historyUndo") run("undo");
    else if (isHalf && inputType === "historyRedo") run("redo");
  }

  #enclose({ before, behind }: Fences, start: number): void {
    const area = this.#area;
    const end = area.selectionStart;
    const gap = start > 0 && area.value[start - 1] !== "\n" ? "\n" : "";
    area.setSelectionRange(end, end);
    run("insertText", behind);
    this.#halves = [...this.#halves, area.value].slice(-8);
    area.setSelectionRange(start, start);
    run("insertText", gap + before);
    const caret = end + gap.length + before.length + behind.length;
    area.setSelectionRange(caret, caret);
  }
}

/** Deprecated, but the only API that keeps the undo history. */
function run(command: "insertText" | "undo" | "redo", text?: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand(command, false, text);
}
