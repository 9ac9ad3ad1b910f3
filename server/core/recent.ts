// What became of the latest messages of each sender, so that one who asks again with the same `mid` hears the same and the
// recipient gets one [P-5.4]. Two generations a sender bound the memory, and nobody can push out the messages of others;
// what fell out of both is for the recipient to tell.

import type { Answer, Receipt } from "./answer.ts";

/** The answer of one message, for everybody who asks for it. */
export class Remembered implements Receipt {
  readonly recipient: number;
  /** A message to somebody else with the same `mid`. */
  readonly next: Remembered | undefined;
  #first: Receipt | undefined;
  #others: Receipt[] | undefined;
  #outcome: Answer | undefined;

  constructor(recipient: number, first: Receipt, next: Remembered | undefined) {
    this.recipient = recipient;
    this.next = next;
    this.#first = first;
  }

  /** It was refused: asking again is a new attempt. */
  get failed(): boolean {
    return this.#outcome?.ok === false;
  }

  join(receipt: Receipt): void {
    if (this.#outcome) receipt.answer(this.#outcome);
    else (this.#others ??= []).push(receipt);
  }

  answer(outcome: Answer): void {
    this.#outcome = outcome;
    this.#first?.answer(outcome);
    for (const receipt of this.#others ?? []) receipt.answer(outcome);
    this.#first = this.#others = undefined;
  }
}

/** Those of one sender. */
export class RecentMessages {
  readonly #generationSize: number;
  #young = new Map<string, Remembered>();
  #old = new Map<string, Remembered>();
  /** Nothing was asked since the last `age`. */
  #idle = false;

  /** @param generationSize messages that are remembered at least */
  constructor(generationSize = 512) {
    this.#generationSize = generationSize;
  }

  /**
   * @param recipient an account id, or 0 for a broadcast
   * @returns the receipt to deliver it with, or undefined when it was sent before: then `receipt` hears what that came to
   */
  once(recipient: number, mid: string, receipt: Receipt): Receipt | undefined {
    this.#idle = false;
    const head = this.#young.get(mid);
    const known = find(head, recipient) ?? find(this.#old.get(mid), recipient);
    if (known) {
      known.join(receipt);
      return undefined;
    }
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const remembered = new Remembered(recipient, receipt, this.#young.size === 0 ? undefined : head);
    this.#young.set(mid, remembered);
    return remembered;
  }

  /** @returns whether nothing happened since the call before */
  age(): boolean {
    const wasIdle = this.#idle;
    this.#idle = true;
    return wasIdle;
  }
}

function find(chain: Remembered | undefined, recipient: number): Remembered | undefined {
  for (let known = chain; known; known = known.next) {
    if (known.recipient === recipient && !known.failed) return known;
  }
  return undefined;
}
