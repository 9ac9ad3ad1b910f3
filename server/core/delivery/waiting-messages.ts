// Messages that wait in memory for room in the window of a channel: bounded, in order. They wait for a moment and then go
// to the mailbox. Broadcasts are stored nowhere and wait behind the mailbox too.

import type { Responder } from "../requests/answer.ts";
import type { QueuedMessage } from "../ports.ts";
import type { BroadcastCount } from "./broadcast-count.ts";
import type { BroadcastLine } from "./push-line.ts";

export interface WaitingLetter {
  readonly kind: "letter";
  readonly letter: QueuedMessage;
  readonly responder: Responder;
  /** Monotonic milliseconds. */
  readonly sinceMs: number;
}

export interface WaitingBroadcast {
  readonly kind: "broadcast";
  readonly line: BroadcastLine;
  readonly count: BroadcastCount;
}

export type WaitingMessage = WaitingLetter | WaitingBroadcast;

const maxMessages = 256;
/** In UTF-16 units. */
const maxUnits = 256 * 1_024;

export class WaitingMessages {
  #messages: WaitingMessage[] = [];
  #units = 0;

  get empty(): boolean {
    return this.#messages.length === 0;
  }

  /** Monotonic time since when the first of them waits, broadcasts not counted. */
  get letterSinceMs(): number | undefined {
    return this.#messages.find((message) => message.kind === "letter")?.sinceMs;
  }

  /** @returns false if there is no room for it */
  add(message: WaitingMessage): boolean {
    const units = unitsOf(message);
    if (this.#messages.length >= maxMessages || this.#units + units > maxUnits) return false;
    this.#messages.push(message);
    this.#units += units;
    return true;
  }

  shift(): WaitingMessage | undefined {
    const message = this.#messages.shift();
    if (message) this.#units -= unitsOf(message);
    return message;
  }

  /** Takes all out except broadcasts, in order. */
  takeLetters(): WaitingLetter[] {
    const letters = this.#messages.filter((message) => message.kind === "letter");
    this.#keep(this.#messages.filter((message) => message.kind === "broadcast"));
    return letters;
  }

  /** Nobody is there to take them. */
  dropBroadcasts(): void {
    for (const message of this.#messages) if (message.kind === "broadcast") message.count.settle(false);
    this.#keep(this.#messages.filter((message) => message.kind === "letter"));
  }

  #keep(messages: WaitingMessage[]): void {
    this.#messages = messages;
    this.#units = messages.reduce((sum, message) => sum + unitsOf(message), 0);
  }
}

function unitsOf(message: WaitingMessage): number {
  return message.kind === "letter" ? message.letter.msg.length : message.line.rest.length;
}
