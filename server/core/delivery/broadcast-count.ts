// Counts how many people have one broadcast [P-4.3]. The sender is answered once everyone to whom it was sent has it or
// never will, or after two seconds with those who have it by then.

import type { Responder } from "../requests/answer.ts";

export class BroadcastCount {
  readonly #responder: Responder;
  readonly #deadlineMs: number;
  #waiting = 0;
  #arrived = 0;
  #complete = false;
  #answered = false;

  /** @param deadlineMs monotonic */
  constructor(responder: Responder, deadlineMs: number) {
    this.#responder = responder;
    this.#deadlineMs = deadlineMs;
  }

  /** How many have it. */
  get arrived(): number {
    return this.#arrived;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** It was sent to one more person; `settle` follows for each. */
  expect(): void {
    this.#waiting += 1;
  }

  /** It will be sent to nobody else. */
  complete(): void {
    this.#complete = true;
    this.#answerIfDone();
  }

  /** @param arrived one of them has it */
  settle(arrived: boolean): void {
    this.#waiting -= 1;
    if (arrived) this.#arrived += 1;
    this.#answerIfDone();
  }

  sweep(nowMs: number): void {
    if (this.#complete && nowMs >= this.#deadlineMs) this.answer();
  }

  /** Answers with the number of those who have it now. */
  answer(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#responder.answer({ ok: true, added: { delivered: this.#arrived } });
  }

  #answerIfDone(): void {
    if (this.#complete && this.#waiting === 0) this.answer();
  }
}
