// The messages that one recipient was sent and has not taken yet, in the order of sending. Taken from the front as a rule,
// so a list with a moving head; an acknowledgement out of order is found by bisection, because push ids grow.

import type { Receipt } from "./answer.ts";
import type { Letter } from "./ports.ts";

/** A letter on its way. `seq` is 0 while it is in no mailbox, and then `receipt` waits to hear of it. */
export interface Parcel {
  readonly letter: Letter;
  readonly seq: number;
  readonly receipt: Receipt | undefined;
  /** Of the push that carries it. */
  id: number;
  /** Of the line on its link; see `Link.send`. */
  mark: number;
  /** UTF-16 units of its line. */
  size: number;
  /** Monotonic milliseconds. */
  sentMs: number;
  settled: boolean;
}

export class Flight {
  #parcels: Parcel[] = [];
  #head = 0;
  #count = 0;
  #size = 0;

  get count(): number {
    return this.#count;
  }

  /** UTF-16 units of all lines under way. */
  get size(): number {
    return this.#size;
  }

  get oldest(): Parcel | undefined {
    return this.#parcels[this.#head];
  }

  /** @param parcel with a greater id than every one before */
  add(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#count += 1;
    this.#size += parcel.size;
  }

  /** Takes that one out; undefined when it is not under way (any more). */
  take(id: number): Parcel | undefined {
    const parcel = this.#parcels[this.#find(id)];
    if (parcel?.id !== id || parcel.settled) return undefined;
    this.#settle(parcel);
    return parcel;
  }

  /** Takes the oldest out if its line has left. */
  takeMarked(mark: number): Parcel | undefined {
    const parcel = this.oldest;
    if (!parcel || parcel.mark > mark) return undefined;
    this.#settle(parcel);
    return parcel;
  }

  /** Takes all out, in order. */
  clear(): Parcel[] {
    const rest = this.#parcels.slice(this.#head).filter((parcel) => !parcel.settled);
    this.#parcels = [];
    this.#head = this.#count = this.#size = 0;
    return rest;
  }

  #settle(parcel: Parcel): void {
    parcel.settled = true;
    this.#count -= 1;
    this.#size -= parcel.size;
    while (this.#parcels[this.#head]?.settled === true) this.#head += 1;
    if (this.#head === this.#parcels.length) {
      this.#parcels = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#parcels.length) {
      this.#parcels = this.#parcels.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The index of that id, or of the first greater one. */
  #find(id: number): number {
    if (this.#parcels[this.#head]?.id === id) return this.#head;
    let low = this.#head;
    let high = this.#parcels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#parcels[middle]?.id ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
