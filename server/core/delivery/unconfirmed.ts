// What the link of a client without `acks` took lately [P-5.5]. The system took the bytes, but a client that opens one
// connection per request closes it without reading them. So what it was handed counts once the client answers a push, or
// once its link stayed open for 10 s; a link that closes sooner gives it back.

import { limits } from "../../../protocol/limits.ts";
import type { InFlightLetter } from "./in-flight.ts";

interface Taken {
  readonly letter: InFlightLetter;
  readonly takenMs: number;
  /** UTF-16 units of the text that is kept for it, because it is in no mailbox. */
  keptUnits: number;
}

/** Letters that are in no mailbox, and what is kept of them, before they should be stored. */
const maxKept = 256;
const maxKeptUnits = 256 * 1_024;

export class Unconfirmed {
  #taken: Taken[] = [];
  #kept = 0;
  #keptUnits = 0;

  /** Too much is kept in memory. */
  get full(): boolean {
    return this.#kept > maxKept || this.#keptUnits > maxKeptUnits;
  }

  add(letter: InFlightLetter, takenMs: number): void {
    const keptUnits = letter.letter && !letter.storing ? letter.letter.msg.length + 1 : 0;
    this.#taken.push({ letter, takenMs, keptUnits });
    if (keptUnits === 0) return;
    this.#kept += 1;
    this.#keptUnits += keptUnits;
  }

  /** The client answered that push, so it read everything before it. @returns what is settled */
  confirm(id: number): InFlightLetter[] {
    return this.#settle(({ letter }) => letter.id <= id);
  }

  /** As `confirm`, for the `order`th push on the link: the client answers without id [P-2.2]. */
  confirmInOrder(order: number): InFlightLetter[] {
    return this.#settle(({ letter }) => letter.order <= order);
  }

  /** @returns as `confirm`, for what was taken 10 s ago */
  sweep(nowMs: number): InFlightLetter[] {
    return this.#settle(({ takenMs }) => nowMs - takenMs >= limits.settledMs);
  }

  /** @returns what is in no mailbox; it is not kept for longer than that takes */
  unstored(): InFlightLetter[] {
    const kept = this.#taken.filter(({ keptUnits }) => keptUnits > 0);
    for (const taken of kept) this.#forget(taken);
    return kept.map(({ letter }) => letter);
  }

  /** The link is gone. @returns everything, in order */
  clear(): InFlightLetter[] {
    const letters = this.#taken.map(({ letter }) => letter);
    this.#taken = [];
    this.#kept = this.#keptUnits = 0;
    return letters;
  }

  /** They are settled from the front, because they are in the order of sending. */
  #settle(isSettled: (taken: Taken) => boolean): InFlightLetter[] {
    const [first] = this.#taken;
    if (!first || !isSettled(first)) return [];
    const rest = this.#taken.findIndex((taken) => !isSettled(taken));
    const settled = this.#taken.splice(0, rest === -1 ? this.#taken.length : rest);
    for (const taken of settled) this.#forget(taken);
    return settled.map(({ letter }) => letter);
  }

  #forget(taken: Taken): void {
    if (taken.keptUnits === 0) return;
    this.#kept -= 1;
    this.#keptUnits -= taken.keptUnits;
    taken.keptUnits = 0;
  }
}
