// Requests without id of one connection: they are answered in the order of the requests [P-2.2], so an early answer waits
// for those before it.

import type { PendingRequest } from "./pending-request.ts";

export class OrderedAnswers {
  readonly #asks: PendingRequest[] = [];
  #waitingBytes = 0;

  /** Size of the answers that wait for an earlier one. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Adds the latest request. */
  add(ask: PendingRequest): void {
    this.#asks.push(ask);
  }

  /** One of them has its answer. @param send called with each whose turn it is now */
  answered({ line }: PendingRequest, send: (ask: PendingRequest) => void): void {
    this.#waitingBytes += line?.length ?? 0;
    for (let [first] = this.#asks; first?.line !== undefined; [first] = this.#asks) {
      this.#asks.shift();
      this.#waitingBytes -= first.line.length;
      send(first);
    }
  }
}
