// Mailboxes call back; here as promises.

import type { Appended, QueuedMessage, Mailbox, ReadBounds, StoredLetter } from "../../../server/core/ports.ts";

export function appendAll(mailbox: Mailbox, account: number, letters: readonly QueuedMessage[]): Promise<Appended[]> {
  return Promise.all(letters.map((letter) => new Promise<Appended>((done) => mailbox.append(account, letter, done))));
}

/** @throws if it cannot be read */
export async function read(
  mailbox: Mailbox,
  account: number,
  after: number,
  bounds: ReadBounds,
): Promise<readonly StoredLetter[]> {
  const letters = await new Promise<readonly StoredLetter[] | "failed">((done) =>
    mailbox.read(account, after, bounds, done),
  );
  if (letters === "failed") throw new Error("the mailbox cannot be read");
  return letters;
}

/** @throws if it was not stored */
export function seqOf(appended: Appended | undefined): number {
  if (appended?.kind !== "stored" && appended?.kind !== "known") throw new Error(`not stored: ${appended?.kind}`);
  return appended.seq;
}
