// The messages that were sent to one recipient on the current channel and have no answer yet, in the order of sending. They
// are usually taken from the front, so the list has a moving head. An acknowledgement out of order is found by bisection,
// because push ids grow. Bytes are counted, because a slow line is slow in bytes. Skipped messages (later ones were
// acknowledged) are kept apart: they may still be answered, but nobody waits for them.

import type { ErrorCode } from "../../../protocol/errors.ts";
import type { Answer, Responder } from "../requests/answer.ts";
import type { QueuedMessage } from "../ports.ts";
import type { BroadcastCount } from "./broadcast-count.ts";

export interface Sent {
  /** Id of the push that carries it; greater than every earlier one. */
  readonly id: number;
  /** Mark of the line on its link; see `Link.send`. */
  readonly mark: number;
  /** Position among the pushes on its link, from 1 [P-2.2]. */
  readonly order: number;
  /** Size of its line. */
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly sentMs: number;
  /** Whether it counts in the window. */
  inWindow: boolean;
}

export interface InFlightLetter extends Sent {
  readonly kind: "letter";
  /** Kept while it may have to be stored. */
  letter: QueuedMessage | undefined;
  /** Its seq in the mailbox; 0 while it is not there. */
  seq: number;
  /** It is being appended to the mailbox. */
  storing: boolean;
  /** Waits for the outcome; undefined once it was answered. */
  responder: Responder | undefined;
  /** Monotonic milliseconds since when its sender waits. */
  readonly sinceMs: number;
  fate: "open" | "accepted" | "refused";
  refusal: ErrorCode | undefined;
}

export interface InFlightBroadcast extends Sent {
  readonly kind: "broadcast";
  readonly count: BroadcastCount;
}

export type InFlightMessage = InFlightLetter | InFlightBroadcast;

/** @param seq its seq in the mailbox, or 0 */
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
    // Not a spread, for speed: this runs for each message.
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

/** Answered ones are removed from the list once they are more than half of at least this many. */
const minCleared = 256;

export class InFlight {
  #messages: InFlightMessage[] = [];
  #head = 0;
  #count = 0;
  #bytes = 0;
  /** Created when it is needed. */
  #leftOut: Map<number, InFlightLetter> | undefined;

  /** Messages in the window. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the lines in the window. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The oldest message in the window. */
  get oldest(): InFlightMessage | undefined {
    return this.#messages[this.#head];
  }

  /** @param message with a greater id than every earlier one */
  add(message: InFlightMessage): void {
    this.#messages.push(message);
    this.#count += 1;
    this.#bytes += message.bytes;
  }

  /** Takes that message out; undefined if it is not in flight (any more). */
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

  /** Skips a message, because later ones were acknowledged: it no longer counts in the window. A broadcast is forgotten. */
  leaveOut(message: InFlightMessage): void {
    this.#remove(message);
    if (message.kind === "letter") (this.#leftOut ??= new Map<number, InFlightLetter>()).set(message.id, message);
  }

  /** An answer to it would change nothing: its sender has been told that it failed. */
  forgetLeftOut(id: number): void {
    this.#leftOut?.delete(id);
  }

  /** Takes all out, in order. */
  clear(): InFlightMessage[] {
    // Whatever was skipped is older than the rest.
    const rest = [...(this.#leftOut?.values() ?? []), ...this];
    this.#messages = [];
    this.#head = this.#count = this.#bytes = 0;
    this.#leftOut = undefined;
    return rest;
  }

  /** Iterates over the window in the order of sending. */
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
