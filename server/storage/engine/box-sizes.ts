// How full each mailbox is, in all and per sender [P-5.3], so that a message does not pay for counting. A mailbox is
// counted when it is first written to. After a transaction that failed, the counts are dropped and made again.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { limits } from "../../../protocol/limits.ts";
import { integerOf } from "../row.ts";

interface Size {
  messages: number;
  bytes: number;
}

interface Box extends Size {
  readonly shares: Map<number, Size>;
}

/** Bound of all mailboxes together, in bytes. */
export const maxTotalBytes = 4 * 1_024 * 1_024 * 1_024;
/** How many mailboxes keep their counts in memory. */
const maxBoxes = 10_000;

export class BoxSizes {
  readonly #count: StatementSync;
  readonly #boxes = new Map<number, Box>();
  /** Totals of the last transaction that succeeded, and of the current one. */
  #committed: Readonly<Size>;
  #total: Size;

  constructor(database: DatabaseSync) {
    this.#count = database.prepare(
      "SELECT sender_id, count(*) AS messages, sum(bytes) AS bytes FROM letter WHERE account = ? GROUP BY sender_id",
    );
    const all = database.prepare("SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM letter").get();
    this.#total = { messages: integerOf(all ?? {}, "messages"), bytes: integerOf(all ?? {}, "bytes") };
    this.#committed = { ...this.#total };
  }

  /** The total of everything that is committed. */
  get total(): Readonly<Size> {
    return this.#committed;
  }

  isEmpty(account: number): boolean {
    return this.#box(account).messages === 0;
  }

  /** @returns the bound that another message would exceed, if any */
  bound(account: number, sender: number, bytes: number): "full" | "share_full" | "total" | undefined {
    const box = this.#box(account);
    if (box.messages >= limits.maxMailboxMessages || box.bytes + bytes > limits.maxMailboxBytes) return "full";
    const share = box.shares.get(sender) ?? { messages: 0, bytes: 0 };
    if (share.messages >= limits.maxMailboxShareMessages || share.bytes + bytes > limits.maxMailboxShareBytes) {
      return "share_full";
    }
    return this.#total.bytes + bytes > maxTotalBytes ? "total" : undefined;
  }

  /** @param messages 1 if a message was added, -1 if one was removed */
  change(account: number, sender: number, messages: 1 | -1, letterBytes: number): void {
    const bytes = messages * letterBytes;
    add(this.#total, messages, bytes);
    // A mailbox that has not been counted yet will be counted with this change in it.
    const box = this.#boxes.get(account);
    if (!box) return;
    add(box, messages, bytes);
    let share = box.shares.get(sender);
    if (!share) box.shares.set(sender, (share = { messages: 0, bytes: 0 }));
    add(share, messages, bytes);
    if (share.messages <= 0) box.shares.delete(sender);
    if (box.messages <= 0) this.#boxes.delete(account);
  }

  /** The changes since the last commit are on disk. */
  committed(): void {
    this.#committed = { ...this.#total };
    if (this.#boxes.size > maxBoxes) this.#boxes.clear();
  }

  rolledBack(): void {
    this.#total = { ...this.#committed };
    this.#boxes.clear();
  }

  #box(account: number): Box {
    const known = this.#boxes.get(account);
    if (known) return known;
    const box: Box = { messages: 0, bytes: 0, shares: new Map() };
    for (const row of this.#count.iterate(account)) {
      const share = { messages: integerOf(row, "messages"), bytes: integerOf(row, "bytes") };
      add(box, share.messages, share.bytes);
      box.shares.set(integerOf(row, "sender_id"), share);
    }
    this.#boxes.set(account, box);
    return box;
  }
}

function add(size: Size, messages: number, bytes: number): void {
  size.messages += messages;
  size.bytes += bytes;
}
