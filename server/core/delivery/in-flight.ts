// The messages that one recipient was sent on the present channel and that are not settled yet, in the order of sending.
// Taken from the front as a rule, so a list with a moving head; an acknowledgement out of order is found by bisection, because
// push ids grow. Counts bytes, because a slow line is slow in bytes.

import type { Responder } from "../answer.ts";
import type { Letter } from "../ports.ts";
import type { BroadcastCount } from "./broadcast-count.ts";

interface Sent {
  /** Of the push that carries it; greater than every one before. */
  readonly id: number;
  /** Of the line on its link; see `Link.send`. */
  readonly mark: number;
  /** Of its line. */
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly sentMs: number;
  /** Taken out of the window: acknowledged, refused, or given up. */
  settled: boolean;
  /** It no longer counts in the window: later ones were acknowledged, and this one was not. */
  overtaken: boolean;
}

export interface InFlightLetter extends Sent {
  readonly kind: "letter";
  readonly letter: Letter;
  /** Its place in the mailbox; 0 while it is not there. */
  seq: number;
  /** Waits to hear what becomes of it; undefined once it was told. */
  responder: Responder | undefined;
  /** It is on its way into the mailbox, because its recipient was silent for too long. */
  storing: boolean;
}

export interface InFlightBroadcast extends Sent {
  readonly kind: "broadcast";
  readonly count: BroadcastCount;
}

export type InFlightMessage = InFlightLetter | InFlightBroadcast;

export class InFlight {
  #messages: InFlightMessage[] = [];
  #head = 0;
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  /** Of the lines that count in the window. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): InFlightMessage | undefined {
    return this.#messages[this.#head];
  }

  /** @param message with a greater id than every one before */
  add(message: InFlightMessage): void {
    this.#messages.push(message);
    this.#count += 1;
    this.#bytes += message.bytes;
  }

  /** Takes that one out; undefined if it is not in flight (any more). */
  take(id: number): InFlightMessage | undefined {
    const message = this.#messages[this.#find(id)];
    if (message?.id !== id || message.settled) return undefined;
    this.#settle(message);
    return message;
  }

  /** Takes the oldest out if its line has left. */
  takeMarked(mark: number): InFlightMessage | undefined {
    const message = this.oldest;
    if (!message || message.mark > mark) return undefined;
    this.#settle(message);
    return message;
  }

  /** Takes all out, in order. */
  clear(): InFlightMessage[] {
    const rest = Array.from(this);
    this.#messages = [];
    this.#head = this.#count = this.#bytes = 0;
    return rest;
  }

  /** It stays known, but others need not wait for it any more. */
  overtake(message: InFlightMessage): void {
    if (message.overtaken || message.settled) return;
    message.overtaken = true;
    this.#bytes -= message.bytes;
  }

  /** Those that are not settled, in the order of sending. */
  *[Symbol.iterator](): Iterator<InFlightMessage> {
    for (let at = this.#head; at < this.#messages.length; at += 1) {
      const message = this.#messages[at];
      if (message && !message.settled) yield message;
    }
  }

  #settle(message: InFlightMessage): void {
    message.settled = true;
    this.#count -= 1;
    if (!message.overtaken) this.#bytes -= message.bytes;
    while (this.#messages[this.#head]?.settled === true) this.#head += 1;
    if (this.#head === this.#messages.length) {
      this.#messages = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
  }

  /** The index of that id, or of the first greater one. */
  #find(id: number): number {
    if (this.#messages[this.#head]?.id === id) return this.#head;
    let low = this.#head;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#messages[middle]?.id ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
