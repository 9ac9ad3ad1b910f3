// Delivery outcomes of queued messages, for their senders [P-5.7]; the engine answers.

import type { Outcome, Outcomes } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";

export class OutcomeStore implements Outcomes {
  readonly #client: StorageClient;
  /** Per account, the seq up to which outcomes are being removed, until that is written. */
  readonly #removing = new Map<number, number>();
  #listener: ((account: number) => void) | undefined;

  constructor(client: StorageClient) {
    this.#client = client;
    client.listen(({ outcomes }) => {
      for (const account of outcomes) this.#listener?.(account);
    });
  }

  read(
    account: number,
    afterSeq: number,
    count: number,
    done: (outcomes: readonly Outcome[] | "failed") => void,
  ): void {
    const removed = this.#removing.get(account) ?? 0;
    this.#client.post("readOutcomes", [account, Math.max(afterSeq, removed), count], done);
  }

  remove(account: number, uptoSeq: number): void {
    const before = this.#removing.get(account) ?? 0;
    if (uptoSeq <= before) return;
    this.#removing.set(account, uptoSeq);
    this.#client.post("removeOutcomes", [account, uptoSeq], () => {
      if (this.#removing.get(account) === uptoSeq) this.#removing.delete(account);
    });
  }

  watch(listener: (account: number) => void): void {
    this.#listener = listener;
  }
}
