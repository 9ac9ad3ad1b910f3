// Makes a block of code of what was just pasted into a text area, in a way that the browser's undo knows: the browser pastes,
// then the fences are typed behind and before it. These are two steps for undo and one for the person, so that whoever comes
// to the one between them is taken on. (A single step that replaced the whole text would take the square of its lines.)

import type { Fences } from "./paste.ts";

export class Fencing {
  readonly #area: HTMLTextAreaElement;
  /** Texts with one fence of two; of the last few. */
  #halves: string[] = [];
  #pasting: { readonly fences: Fences; readonly start: number } | undefined;

  constructor(area: HTMLTextAreaElement) {
    this.#area = area;
    area.addEventListener("input", (event) => {
      // Afterwards: VS Code pastes and undoes by commands, and a command within a command is refused.
      if (event instanceof InputEvent) queueMicrotask(() => this.#changed(event.inputType));
    });
  }

  /** The browser is about to paste, and the text gets these. */
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

/** Old, and the only way to what undo knows. */
function run(command: "insertText" | "undo" | "redo", text?: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand(command, false, text);
}
