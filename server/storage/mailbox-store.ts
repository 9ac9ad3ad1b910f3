// Mailboxes as the core sees them. The engine answers, except for the question that every message asks: whether a mailbox
// holds anything. That is answered from memory, and never with a false no.

import type { MessageId } from "../../protocol/ids.ts";
import type { Accounts, Appended, QueuedMessage, Mailbox, ReadBounds, StoredLetter } from "../core/ports.ts";
import type { StorageClient } from "./engine-client.ts";
import type { AppendedCode, LetterTuple } from "./operations.ts";

export class MailboxStore implements Mailbox {
  readonly #client: StorageClient;
  readonly #accounts: Pick<Accounts, "get">;
  /** Accounts with something in their mailbox, as far as the engine has reported. */
  readonly #holders = new Set<number>();
  /** Appends in progress per account. */
  readonly #coming = new Map<number, number>();

  constructor(client: StorageClient, accounts: Pick<Accounts, "get">) {
    this.#client = client;
    this.#accounts = accounts;
    client.listen(({ emptied }) => {
      for (const account of emptied) this.#holders.delete(account);
    });
  }

  /** @param holders accounts whose mailbox is not empty */
  load(holders: readonly number[]): void {
    for (const account of holders) this.#holders.add(account);
  }

  mayHold(account: number): boolean {
    return this.#holders.has(account) || this.#coming.has(account);
  }

  append(account: number, letter: QueuedMessage, done: (appended: Appended) => void): void {
    this.#coming.set(account, (this.#coming.get(account) ?? 0) + 1);
    this.#client.post("append", [account, tupleOf(letter)], (result) => {
      const coming = (this.#coming.get(account) ?? 1) - 1;
      if (coming === 0) this.#coming.delete(account);
      else this.#coming.set(account, coming);
      const appended = appendedOf(result);
      if (appended.kind !== "failed") this.#holders.add(account);
      done(appended);
    });
  }

  read(
    account: number,
    afterSeq: number,
    bounds: ReadBounds,
    done: (letters: readonly StoredLetter[] | "failed") => void,
  ): void {
    this.#client.post("read", [account, afterSeq, bounds], (letters) => {
      done(letters === "failed" ? letters : letters.map((letter) => this.#withSender(letter)));
    });
  }

  holds(account: number, sender: number, mid: MessageId, done: (holds: boolean | "failed") => void): void {
    this.#client.post("holds", [account, sender, mid], done);
  }

  remove(account: number, seq: number): void {
    this.#client.post("remove", [account, seq]);
  }

  #withSender(letter: StoredLetter): StoredLetter {
    return letter.sender === 0 || this.#accounts.get(letter.sender) ? letter : { ...letter, sender: 0 };
  }
}

function tupleOf({ from, sender, senderId, mid, ts, msg, ref, reported }: QueuedMessage): LetterTuple {
  return [from, sender, senderId, mid, ts, msg, ref, reported === true];
}

function appendedOf(code: AppendedCode): Appended {
  if (typeof code !== "number") return { kind: code };
  return code > 0 ? { kind: "stored", seq: code } : { kind: "known", seq: -code };
}
