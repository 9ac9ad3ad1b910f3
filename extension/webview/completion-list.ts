// The suggestions above the composer. The focus stays in the text; Up and Down choose, Enter or Tab accepts, Escape closes.

import { completed, completionAt, nameAt } from "./completion.ts";
import type { Completion, Known } from "./completion.ts";
import { element } from "./dom.ts";
import { texts } from "./texts.ts";

const listId = "completions";

export class CompletionList {
  readonly root = element("ul", {
    class: "completions",
    role: "listbox",
    id: listId,
    hidden: "",
    "aria-label": texts.completions,
  });
  known: Known = { names: [], everyone: false };
  readonly #input: HTMLTextAreaElement;
  readonly #taken: () => void;
  readonly #ask: (typed: string) => void;
  #asked: string | undefined;
  #completion: Completion | undefined;
  #chosen = 0;

  /** @param ask asks for names with this prefix; `offer` is the answer */
  constructor(input: HTMLTextAreaElement, taken: () => void, ask: (typed: string) => void) {
    this.#input = input;
    this.#taken = taken;
    this.#ask = ask;
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", listId);
    input.addEventListener("blur", () => this.close());
  }

  /** Shows the names with this prefix, if the prefix is still the one in the text. */
  offer(typed: string, names: readonly string[]): void {
    const { value, selectionStart } = this.#input;
    if (nameAt(value, selectionStart) !== typed) return;
    this.known = { ...this.known, names };
    const chosen = this.#completion?.offers[this.#chosen]?.text;
    this.update();
    const again = this.#completion?.offers.findIndex((each) => each.text === chosen) ?? -1;
    if (again > 0) this.#choose(again);
  }

  update(): void {
    const { value, selectionStart, selectionEnd } = this.#input;
    const name = nameAt(value, selectionStart);
    if (name !== undefined && name !== this.#asked) this.#ask(name);
    this.#asked = name;
    const completion = selectionStart === selectionEnd ? completionAt(value, selectionStart, this.known) : undefined;
    const [only] = completion?.offers ?? [];
    const done = completion?.offers.length === 1 && only?.text === value.slice(completion.start, selectionStart);
    this.#completion = done ? undefined : completion;
    this.#chosen = 0;
    this.#draw();
  }

  close(): void {
    this.#completion = undefined;
    this.#draw();
  }

  /** Returns true if the list has handled the key. */
  key(event: KeyboardEvent): boolean {
    const count = this.#completion?.offers.length ?? 0;
    if (count === 0 || event.shiftKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "ArrowDown") this.#choose((this.#chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#choose((this.#chosen + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#chosen);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  #draw(): void {
    const offers = this.#completion?.offers ?? [];
    this.root.hidden = offers.length === 0;
    const rows = offers.map(({ label, detail }, index) => {
      const row = element(
        "li",
        { role: "option", id: `completion-${index}` },
        element("bdi", { class: "label" }, label),
        element("span", { class: "detail" }, detail),
      );
      row.addEventListener("pointerdown", (event) => {
        event.preventDefault(); // the focus stays in the text
        this.#take(index);
      });
      return row;
    });
    this.root.replaceChildren(...rows);
    if (rows.length > 0) this.#choose(this.#chosen);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #choose(index: number): void {
    this.#chosen = index;
    [...this.root.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    this.#input.setAttribute("aria-activedescendant", `completion-${index}`);
  }

  #take(index: number): void {
    const completion = this.#completion;
    const offer = completion?.offers[index];
    if (completion === undefined || offer === undefined) return;
    const { text, caret } = completed(this.#input.value, this.#input.selectionStart, completion.start, offer);
    this.#input.value = text;
    this.#input.setSelectionRange(caret, caret);
    this.close();
    this.#taken();
  }
}
