// The messages that one recipient was sent on the present channel and has not answered yet, in the order of sending. Taken from
// the front as a rule, so a list with a moving head; an acknowledgement out of order is found by bisection, because push ids
// grow. Counts bytes, because a slow line is slow in bytes. What was left out (later ones were acknowledged) is kept apart: it
// may still be answered, and nobody waits for it.

import type { ErrorCode } from "../../../protocol/errors.ts";
import type { Answer, Responder } from "../requests/answer.ts";
import type { QueuedMessage } from "../ports.ts";
import type { BroadcastCount } from "./broadcast-count.ts";

export interface Sent {
  /** Of the push that carries it; greater than every one before. */
  readonly id: number;
  /** Of the line on its link; see `Link.send`. */
  readonly mark: number;
  /** Among the pushes on its link, from 1 [P-2.2]. */
  readonly order: number;
  /** Of its line. */
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly sentMs: number;
  /** It counts in the window. */
  inWindow: boolean;
}

export interface InFlightLetter extends Sent {
  readonly kind: "letter";
  /** Kept while it may have to be stored. */
  letter: QueuedMessage | undefined;
  /** Its place in the mailbox; 0 while it is not there. */
  seq: number;
  /** It is on its way into the mailbox. */
  storing: boolean;
  /** Waits to hear what becomes of it; undefined once it was told. */
  responder: Responder | undefined;
  /** Monotonic milliseconds since which its sender waits. */
  readonly sinceMs: number;
  fate: "open" | "accepted" | "refused";
  refusal: ErrorCode | undefined;
}

export interface InFlightBroadcast extends Sent {
  readonly kind: "broadcast";
  readonly count: BroadcastCount;
}

export type InFlightMessage = InFlightLetter | InFlightBroadcast;

/** @param seq its place in the mailbox, or 0 */
export function inFlightLetter(
  { id, mark, order, bytes, sentMs }: Sent,
  letter: QueuedMessage,
  seq: number,
  responder: Responder | undefined,
  sinceMs: number,
): InFlightLetter {
  return {
    kind: "letter",
    letter: seq > 0 ? undefined : letter,
    seq,
    storing: false,
    responder,
    sinceMs,
    fate: "open",
    refusal: undefined,
    // Not spread: this is done for each message.
    id,
    mark,
    order,
    bytes,
    sentMs,
    inWindow: true,
  };
}

/** Only the first answer counts. */
export function tell(message: InFlightLetter, answer: Answer): void {
  const { responder } = message;
  message.responder = undefined;
  responder?.answer(answer);
}

/** Answered ones are cleared out of the list when they are more than half of so many. */
const minCleared = 256;

export class InFlight {
  #messages: InFlightMessage[] = [];
  #head = 0;
  #count = 0;
  #bytes = 0;
  /** Made when it is needed. */
  #leftOut: Map<number, InFlightLetter> | undefined;

  /** In the window. */
  get count(): number {
    return this.#count;
  }

  /** Of the lines in the window. */
  get bytes(): number {
    return this.#bytes;
  }

  /** In the window. */
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
    if (message?.id === id && message.inWindow) {
      this.#remove(message);
      return message;
    }
    const leftOut = this.#leftOut?.get(id);
    this.#leftOut?.delete(id);
    return leftOut;
  }

  /** Takes the oldest out if its line has left. */
  takeMarked(mark: number): InFlightMessage | undefined {
    const message = this.oldest;
    if (!message || message.mark > mark) return undefined;
    this.#remove(message);
    return message;
  }

  /** Later ones were acknowledged: it counts no more in the window. An answer to a broadcast is not waited for. */
  leaveOut(message: InFlightMessage): void {
    this.#remove(message);
    if (message.kind === "letter") (this.#leftOut ??= new Map<number, InFlightLetter>()).set(message.id, message);
  }

  /** Nothing would come of an answer to it: its sender was told that it failed. */
  forgetLeftOut(id: number): void {
    this.#leftOut?.delete(id);
  }

  /** Takes all out, in order. */
  clear(): InFlightMessage[] {
    // Whatever was left out is older than what was not.
    const rest = [...(this.#leftOut?.values() ?? []), ...this];
    this.#messages = [];
    this.#head = this.#count = this.#bytes = 0;
    this.#leftOut = undefined;
    return rest;
  }

  /** Those in the window, in the order of sending. */
  *[Symbol.iterator](): Iterator<InFlightMessage> {
    for (let at = this.#head; at < this.#messages.length; at += 1) {
      const message = this.#messages[at];
      if (message?.inWindow === true) yield message;
    }
  }

  #remove(message: InFlightMessage): void {
    message.inWindow = false;
    this.#count -= 1;
    this.#bytes -= message.bytes;
    while (this.#messages[this.#head]?.inWindow === false) this.#head += 1;
    if (this.#count * 2 < this.#messages.length - minCleared || this.#head === this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head).filter(({ inWindow }) => inWindow);
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
