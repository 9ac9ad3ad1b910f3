// The results of the latest messages of one sender to one recipient. A sender who asks again with the same `mid` gets the
// same answer, and the recipient gets one message [P-5.4]. Two generations bound the memory, and nobody can push out the
// messages of others. What has fallen out of both is left to the recipient to recognise.

import type { Answer, Responder } from "../requests/answer.ts";

/** By `mid`: the answer, or those who wait for it. Refused messages are not kept: asking again is a new attempt. */
type Generation = Map<string, Pending | Answer>;

class Pending implements Responder {
  readonly #home: Generation;
  readonly #mid: string;
  readonly #first: Responder;
  #others: Responder[] | undefined;

  constructor(home: Generation, mid: string, first: Responder) {
    this.#home = home;
    this.#mid = mid;
    this.#first = first;
  }

  join(responder: Responder): void {
    (this.#others ??= []).push(responder);
  }

  answer(outcome: Answer): void {
    if (outcome.ok) this.#home.set(this.#mid, outcome);
    else this.#home.delete(this.#mid);
    this.#first.answer(outcome);
    for (const responder of this.#others ?? []) responder.answer(outcome);
  }
}

export class RecentMessages {
  readonly #generationSize: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  /** Nothing was asked since the last `age`. */
  #idle = false;

  /** @param generationSize how many messages are remembered at least */
  constructor(generationSize = 1_024) {
    this.#generationSize = generationSize;
  }

  /** @returns whether it was sent before: then `responder` gets the same result */
  again(mid: string, responder: Responder): boolean {
    this.#idle = false;
    const known = this.#young.get(mid) ?? this.#old.get(mid);
    if (known instanceof Pending) known.join(responder);
    else if (known) responder.answer(known);
    return known !== undefined;
  }

  /** @returns the responder to deliver it with; undefined if it was sent before: then `responder` gets the same result */
  once(mid: string, responder: Responder): Responder | undefined {
    if (this.again(mid, responder)) return undefined;
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const pending = new Pending(this.#young, mid, responder);
    this.#young.set(mid, pending);
    return pending;
  }

  /** Nothing came of the message, so asking again is a new attempt. */
  forget(mid: string): void {
    this.#young.delete(mid);
    this.#old.delete(mid);
  }

  /** @returns whether nothing was asked since the previous call */
  age(): boolean {
    const wasIdle = this.#idle;
    this.#idle = true;
    return wasIdle;
  }
}
