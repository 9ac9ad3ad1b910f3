// What the link of a client without `acks` took lately [P-5.5]. The system took the bytes, but a client that opens one
// connection per request closes it without reading them. So what it was handed counts once the client answers a push, or
// once its link stayed open for 10 s; a link that closes sooner gives it back.

import { limits } from "../../../protocol/limits.ts";
import type { Letter } from "../ports.ts";

interface Taken {
  readonly id: number;
  /** How many pushes had left on the link with this one. */
  readonly order: number;
  /** Its place in the mailbox, or 0. */
  readonly seq: number;
  /** Kept if it is in no mailbox. */
  readonly letter: Letter | undefined;
  readonly takenMs: number;
}

/** Letters that are in no mailbox and are kept at most: the oldest go first, because a client that took so many reads them. */
const maxLetters = 256;
const maxLetterUnits = 256 * 1_024;

export class Unconfirmed {
  #taken: Taken[] = [];
  #letters = 0;
  #letterUnits = 0;

  add(taken: Taken): void {
    this.#taken.push(taken);
    if (!taken.letter) return;
    this.#letters += 1;
    this.#letterUnits += taken.letter.msg.length;
    while (this.#letters > maxLetters || this.#letterUnits > maxLetterUnits) this.#dropOldestLetter();
  }

  /** The client answered that push, so it read everything before it. @returns the places in the mailbox that are settled */
  confirm(id: number): number[] {
    return this.#settle((taken) => taken.id <= id);
  }

  /** As `confirm`, for the `order`th push on the link: the client answers without id [P-2.2]. */
  confirmInOrder(order: number): number[] {
    return this.#settle((taken) => taken.order <= order);
  }

  /** @returns as `confirm`, for what was taken 10 s ago */
  sweep(nowMs: number): number[] {
    return this.#settle((taken) => nowMs - taken.takenMs >= limits.settledMs);
  }

  /** The link is gone. @returns the letters to be stored, in order; what has a place in the mailbox is still there */
  clear(): Letter[] {
    const letters = this.#taken.map(({ letter }) => letter).filter((letter) => letter !== undefined);
    this.#taken = [];
    this.#letters = this.#letterUnits = 0;
    return letters;
  }

  /** They are settled from the front, because they are in the order of sending. */
  #settle(isSettled: (taken: Taken) => boolean): number[] {
    if (this.#taken.length === 0) return [];
    const rest = this.#taken.findIndex((taken) => !isSettled(taken));
    const settled = this.#taken.splice(0, rest === -1 ? this.#taken.length : rest);
    for (const taken of settled) this.#forgetLetter(taken);
    return settled.map(({ seq }) => seq).filter((seq) => seq > 0);
  }

  #dropOldestLetter(): void {
    const at = this.#taken.findIndex(({ letter }) => letter !== undefined);
    for (const taken of this.#taken.splice(at, 1)) this.#forgetLetter(taken);
  }

  #forgetLetter({ letter }: Taken): void {
    if (!letter) return;
    this.#letters -= 1;
    this.#letterUnits -= letter.msg.length;
  }
}
