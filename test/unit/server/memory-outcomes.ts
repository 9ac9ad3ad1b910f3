// Delivery outcomes of queued letters, in memory: reported when `commit` is called.

import type { DeliveryOutcome } from "../../../protocol/wire/messages.ts";
import type { Account, QueuedMessage, Outcome, Outcomes } from "../../../server/core/ports.ts";
import type { Disk } from "./memory-ports.ts";

export class MemoryOutcomes implements Outcomes {
  readonly #disk: Disk;
  readonly #rows: { account: number; outcome: Outcome }[] = [];
  #pending: (() => void)[] = [];
  #listener: (account: number) => void = () => undefined;
  #lastSeq = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  read(
    account: number,
    afterSeq: number,
    count: number,
    done: (outcomes: readonly Outcome[] | "failed") => void,
  ): void {
    this.#pending.push(() => {
      const mine = this.#rows.filter((row) => row.account === account && row.outcome.seq > afterSeq);
      done(this.#disk.works ? mine.slice(0, count).map(({ outcome }) => outcome) : "failed");
    });
  }

  remove(account: number, uptoSeq: number): void {
    const rest = this.#rows.filter((row) => row.account !== account || row.outcome.seq > uptoSeq);
    this.#rows.splice(0, this.#rows.length, ...rest);
  }

  watch(listener: (account: number) => void): void {
    this.#listener = listener;
  }

  add(letter: QueuedMessage, to: Account, state: DeliveryOutcome): void {
    if (letter.reported !== true) return;
    this.#lastSeq += 1;
    const outcome = { seq: this.#lastSeq, to: to.name, toId: to.publicId, mid: letter.mid, state };
    this.#rows.push({ account: letter.sender, outcome });
    this.#listener(letter.sender);
  }

  /** @returns whether there were any */
  commit(): boolean {
    const pending = this.#pending.splice(0);
    for (const each of pending) each();
    return pending.length > 0;
  }
}
