// Long messages are folded at so many lines. What is folded away is not even read: only the beginning of such a message is
// parsed and drawn until the person asks for more. No DOM.

/** Shown of a folded message; style.css says the same. */
export const foldedLines = 20;
/** Of the text, enough to fill these lines at any width, whatever Markdown takes away. */
const maxLines = 3 * foldedLines;
const maxCharacters = 4_000;
/** A shorter message is no higher than the fold in the narrowest panel. */
const surelyShort = { lines: 8, characters: 400 };

/** Up to where a message is drawn while it is folded; undefined where that is all of it. */
export function beginningOf(text: string): string | undefined {
  let end = -1;
  for (let line = 0; line < maxLines; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end === -1 || end > maxCharacters) break;
  }
  if (end !== -1 && end <= maxCharacters) return text.slice(0, end);
  return text.length > maxCharacters ? text.slice(0, lastWordBefore(text, maxCharacters)) : undefined;
}

/** Whether it has to be measured once it is drawn. */
export function mayBeLong(text: string): boolean {
  if (text.length > surelyShort.characters) return true;
  return text.split("\n", surelyShort.lines + 1).length > surelyShort.lines;
}

/** Not in the middle of a word or an address, where there is a space near; never in the middle of a character. */
function lastWordBefore(text: string, end: number): number {
  const space = text.slice(end - 200, end).search(/\s\S*$/u);
  if (space !== -1) return end - 200 + space;
  return /[\uD800-\uDBFF]$/u.test(text.slice(0, end)) ? end - 1 : end;
}

/** What the person opened and wrapped, by the message's `seq`, for as long as the page lives. */
export class Opened {
  readonly #messages = new Set<number>();
  readonly #wrapped = new Set<string>();

  has(seq: number): boolean {
    return this.#messages.has(seq);
  }

  set(seq: number, open: boolean): void {
    if (open) this.#messages.add(seq);
    else this.#messages.delete(seq);
  }

  /** Of the blocks of code of one message. */
  wraps(seq: number): { has: (index: number) => boolean; set: (index: number, on: boolean) => void } {
    const key = (index: number): string => `${seq}/${index}`;
    return {
      has: (index) => this.#wrapped.has(key(index)),
      set: (index, on) => {
        if (on) this.#wrapped.add(key(index));
        else this.#wrapped.delete(key(index));
      },
    };
  }
}
