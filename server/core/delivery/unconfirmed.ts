// What the link of a client without `acks` took lately [P-5.5]. The system took the bytes, but a client that opens one
// connection per request closes it without reading them. So such a message counts as delivered once the client answers a
// push, or once its link has stayed open for 10 s; if the link closes sooner, the message comes back. Of those that are not
// in the mailbox only the latest are kept for that: a client that takes thousands of messages on one link reads them.

import { limits } from "../../../protocol/limits.ts";
import type { InFlightLetter } from "./in-flight.ts";

interface Taken {
  readonly letter: InFlightLetter;
  readonly takenMs: number;
  /** UTF-16 units of the text that is kept for it. */
  readonly units: number;
}

/** Messages that are not in the mailbox, and their UTF-16 units. */
const maxKept = 1_024;
const maxKeptUnits = 256 * 1_024;

export class Unconfirmed {
  /** In the mailbox, or being appended to it. */
  readonly #mailed = new TakenQueue();
  /** Not in the mailbox. */
  readonly #kept = new TakenQueue();

  /** @returns what counts as delivered because too much is kept */
  add(letter: InFlightLetter, takenMs: number): InFlightLetter[] {
    const units = letter.letter && !letter.storing ? letter.letter.msg.length + 1 : 0;
    const taken = { letter, takenMs, units };
    if (units === 0) {
      this.#mailed.add(taken);
      return [];
    }
    this.#kept.add(taken);
    const isTooMuch = (): boolean => this.#kept.count > maxKept || this.#kept.units > maxKeptUnits;
    return isTooMuch() ? this.#kept.takeWhile(isTooMuch) : [];
  }

  /** The client answered that push, so it read everything before it. @returns what is settled */
  confirm(id: number): InFlightLetter[] {
    return this.#settle(({ letter }) => letter.id <= id);
  }

  /** As `confirm`, for the `order`th push on the link: the client answers without id [P-2.2]. */
  confirmInOrder(order: number): InFlightLetter[] {
    return this.#settle(({ letter }) => letter.order <= order);
  }

  /** @returns what is settled because it was taken 10 s ago */
  sweep(nowMs: number): InFlightLetter[] {
    return this.#settle(({ takenMs }) => nowMs - takenMs >= limits.settledMs);
  }

  /** @returns what is not in the mailbox; it is no longer kept here */
  unstored(): InFlightLetter[] {
    const taken = this.#kept.clear();
    for (const { letter, takenMs } of taken) this.#mailed.add({ letter, takenMs, units: 0 });
    return taken.map(({ letter }) => letter);
  }

  /** The link is gone. @returns everything, in order */
  clear(): InFlightLetter[] {
    const letters = [...this.#mailed.clear(), ...this.#kept.clear()].map(({ letter }) => letter);
    return letters.sort((one, other) => one.id - other.id);
  }

  #settle(isSettled: (taken: Taken) => boolean): InFlightLetter[] {
    return [...this.#mailed.takeWhile(isSettled), ...this.#kept.takeWhile(isSettled)];
  }
}

/** Settled from the front, because that is the order of sending. */
class TakenQueue {
  #taken: Taken[] = [];
  #head = 0;
  #units = 0;

  get count(): number {
    return this.#taken.length - this.#head;
  }

  get units(): number {
    return this.#units;
  }

  add(taken: Taken): void {
    this.#taken.push(taken);
    this.#units += taken.units;
  }

  takeWhile(isMeant: (taken: Taken) => boolean): InFlightLetter[] {
    const letters: InFlightLetter[] = [];
    for (let next = this.#taken[this.#head]; next && isMeant(next); next = this.#taken[this.#head]) {
      letters.push(next.letter);
      this.#units -= next.units;
      this.#head += 1;
    }
    if (this.#head > maxKept) {
      this.#taken = this.#taken.slice(this.#head);
      this.#head = 0;
    }
    return letters;
  }

  clear(): Taken[] {
    const rest = this.#taken.slice(this.#head);
    this.#taken = [];
    this.#head = this.#units = 0;
    return rest;
  }
}
