// Folds long messages at a number of lines. What is folded away is not even parsed: only the beginning of such a message is
// parsed and drawn until the person asks for more. No DOM.

/** The visible lines of a folded message; message.css has the same number. */
export const foldedLines = 20;
/** Characters that fill these lines at any width, whatever Markdown removes. */
const maxLines = 3 * foldedLines;
const maxCharacters = 4_000;
/** A shorter message is not higher than the fold even in the narrowest panel. */
const surelyShort = { lines: 8, characters: 400 };

/** Returns where a folded message is cut off; undefined if all of it is drawn. */
export function beginningOf(text: string): string | undefined {
  let end = -1;
  for (let line = 0; line < maxLines; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end === -1 || end > maxCharacters) break;
  }
  if (end !== -1 && end <= maxCharacters) return text.slice(0, end);
  return text.length > maxCharacters ? text.slice(0, lastWordBefore(text, maxCharacters)) : undefined;
}

/** Whether the message has to be measured once it is drawn. */
export function mayBeLong(text: string): boolean {
  if (text.length > surelyShort.characters) return true;
  return text.split("\n", surelyShort.lines + 1).length > surelyShort.lines;
}

/** Cuts not within a word or an address if there is a space nearby, and never within a character. */
function lastWordBefore(text: string, end: number): number {
  const space = text.slice(end - 200, end).search(/\s\S*$/u);
  if (space !== -1) return end - 200 + space;
  return /[\uD800-\uDBFF]$/u.test(text.slice(0, end)) ? end - 1 : end;
}

/** What the person has opened and wrapped, by the message's `seq`, for the lifetime of the page. */
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

  /** Which code blocks of one message are wrapped. */
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
