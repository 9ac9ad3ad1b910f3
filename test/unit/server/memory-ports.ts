// The ports of server/core in memory: nothing is on a disk, time stands still until a test moves it, and what would come
// later (commits, password checks, bytes that leave) comes when `MemoryWorld.settle` is called. The contract suite holds
// these to the same rules as the real ones.

import type { MessageId, UserKey, UserName } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import type {
  Account,
  Accounts,
  Blocks,
  DialCall,
  Dialler,
  DialResult,
  Grant,
  Letter,
  Mailbox,
  MailboxReceipt,
  Passwords,
  StoredLetter,
  Tokens,
  Written,
} from "../../../server/core/ports.ts";

/** A disk that works, until a test says otherwise. */
export interface Disk {
  works: boolean;
}

export class MemoryDirectory implements Accounts, Blocks {
  readonly #disk: Disk;
  readonly #accounts = new Map<number, { account: Account; password: string }>();
  readonly #blocks = new Set<string>();
  /** Uses that are left, by code. */
  readonly invites = new Map<string, number>();
  #lastId = 0;
  #changed = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  refresh(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  find(key: UserKey): Account | undefined {
    for (const { account } of this.#accounts.values()) if (account.key === key) return account;
    return undefined;
  }

  get(id: number): Account | undefined {
    return this.#accounts.get(id)?.account;
  }

  passwordOf(account: Account): string {
    return this.#accounts.get(account.id)?.password ?? "";
  }

  isInvited(invite: string): boolean {
    return (this.invites.get(invite) ?? 0) > 0;
  }

  create(name: UserName, key: UserKey, password: string, invite?: string): Promise<Written | "taken" | "bad_invite"> {
    if (!this.#disk.works) return Promise.resolve("failed");
    if (invite !== undefined && !this.isInvited(invite)) return Promise.resolve("bad_invite");
    if (this.find(key)) return Promise.resolve("taken");
    if (invite !== undefined) this.invites.set(invite, (this.invites.get(invite) ?? 0) - 1);
    this.#lastId += 1;
    this.#accounts.set(this.#lastId, { account: { id: this.#lastId, name, key }, password });
    return Promise.resolve("written");
  }

  rehash(account: Account, before: string, password: string): void {
    const row = this.#accounts.get(account.id);
    if (row?.password === before) row.password = password;
  }

  list(prefix: string, after: string): Iterable<Account> {
    return Array.from(this.#accounts.values(), ({ account }) => account)
      .filter(({ key }) => key.startsWith(prefix) && key > after)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  has(owner: number, target: number): boolean {
    return this.#blocks.has(`${owner} ${target}`);
  }

  of(owner: number): readonly Account[] {
    return Array.from(this.list("", "")).filter(({ id }) => this.has(owner, id));
  }

  put(owner: number, target: number): Promise<Written> {
    if (!this.#disk.works) return Promise.resolve("failed");
    this.#blocks.add(`${owner} ${target}`);
    return Promise.resolve("written");
  }

  remove(owner: number, target: number): Promise<Written> {
    if (!this.#disk.works) return Promise.resolve("failed");
    this.#blocks.delete(`${owner} ${target}`);
    return Promise.resolve("written");
  }

  /** As an admin command of another process does. */
  removeOutside(id: number): void {
    this.#accounts.delete(id);
    this.#changed = true;
  }
}

export class MemoryTokens implements Tokens {
  readonly #disk: Disk;
  readonly #rows = new Map<string, { hash: string; grant: Grant; usedMs: number }>();
  readonly #nowMs: () => number;
  readonly #directory: MemoryDirectory;
  #last = 0;

  constructor(disk: Disk, nowMs: () => number, directory: MemoryDirectory) {
    this.#disk = disk;
    this.#nowMs = nowMs;
    this.#directory = directory;
  }

  find(token: string): { hash: string; grant: Grant } | undefined {
    const row = this.#rows.get(`hash of ${token}`);
    if (!row || this.#nowMs() - row.usedMs > limits.tokenAgeMs) return undefined;
    row.usedMs = this.#nowMs();
    return row;
  }

  isValid(hash: string): boolean {
    return this.#rows.has(hash);
  }

  issue(grant: Grant, password?: string): Promise<{ token: string; hash: string } | "failed"> {
    const account = this.#directory.get(grant.account);
    if (!this.#disk.works || !account) return Promise.resolve("failed");
    if (password !== undefined && password !== this.#directory.passwordOf(account)) return Promise.resolve("failed");
    for (const row of this.#rows.values()) if (row.grant.account === grant.account) this.#rows.delete(row.hash);
    this.#last += 1;
    const token = `token ${this.#last}`;
    const hash = `hash of ${token}`;
    this.#rows.set(hash, { hash, grant, usedMs: this.#nowMs() });
    return Promise.resolve({ token, hash });
  }

  renew(hash: string, grant: Grant): void {
    const row = this.#rows.get(hash);
    if (row) row.grant = grant;
  }

  touch(hash: string): void {
    const row = this.#rows.get(hash);
    if (row) row.usedMs = this.#nowMs();
  }

  revoke(hash: string): Promise<Written> {
    if (!this.#disk.works) return Promise.resolve("failed");
    this.#rows.delete(hash);
    return Promise.resolve("written");
  }
}

export class MemoryMailbox implements Mailbox {
  readonly #disk: Disk;
  readonly #nowMs: () => number;
  readonly #letters: { account: number; storedMs: number; letter: StoredLetter }[] = [];
  #pending: { account: number; letter: Letter; receipt: MailboxReceipt }[] = [];
  #lastSeq = 0;

  constructor(disk: Disk, nowMs: () => number) {
    this.#disk = disk;
    this.#nowMs = nowMs;
  }

  append(account: number, letter: Letter, receipt: MailboxReceipt): boolean {
    const mine = [...this.#letters, ...this.#pending].filter((entry) => entry.account === account);
    const bytes = mine.reduce((sum, entry) => sum + entry.letter.msg.length, letter.msg.length);
    if (mine.length >= limits.maxMailboxMessages || bytes > limits.maxMailboxBytes) return false;
    this.#pending.push({ account, letter, receipt });
    return true;
  }

  read(account: number, afterSeq: number, bounds: { messages: number; bytes: number }): StoredLetter[] {
    if (!this.#disk.works) throw new Error("the disk does not work");
    const found: StoredLetter[] = [];
    let bytes = 0;
    for (const { letter } of this.#letters.filter((entry) => this.#isReadable(entry, account, afterSeq))) {
      bytes += letter.msg.length;
      if (found.length > 0 && bytes > bounds.bytes) break;
      found.push(letter);
      if (found.length >= bounds.messages) break;
    }
    return found;
  }

  holds(account: number, from: UserName, mid: MessageId): boolean {
    if (!this.#disk.works) throw new Error("the disk does not work");
    return this.#letters.some(
      (entry) => entry.account === account && entry.letter.from === from && entry.letter.mid === mid,
    );
  }

  remove(_account: number, seq: number): void {
    const at = this.#letters.findIndex(({ letter }) => letter.seq === seq);
    if (at !== -1) this.#letters.splice(at, 1);
  }

  /** The texts in somebody's mailbox. */
  texts(account: number): string[] {
    return this.#letters.filter((entry) => entry.account === account).map(({ letter }) => letter.msg);
  }

  /** What was appended is on the disk now. @returns whether there was anything */
  commit(): boolean {
    const pending = this.#pending;
    this.#pending = [];
    if (this.#disk.works) for (const { account, letter } of pending) this.#put(account, letter);
    for (const { receipt } of pending) receipt.stored(this.#disk.works ? "written" : "failed");
    return pending.length > 0;
  }

  #put(account: number, letter: Letter): void {
    const { from, mid } = letter;
    if (this.holds(account, from, mid)) return;
    this.#lastSeq += 1;
    this.#letters.push({ account, storedMs: this.#nowMs(), letter: { ...letter, seq: this.#lastSeq } });
  }

  #isReadable(entry: { account: number; storedMs: number; letter: StoredLetter }, account: number, after: number) {
    const old = this.#nowMs() - entry.storedMs > limits.maxMailboxAgeMs;
    return entry.account === account && entry.letter.seq > after && !old;
  }
}

/** Passwords that are their own hash. */
export const plainPasswords: Passwords = {
  hash: (password) => Promise.resolve(`hash of ${password}`),
  check: (password, stored) => Promise.resolve(stored === `hash of ${password}` ? "right" : "wrong"),
};

/** Connections to clients' own ports, answered by the test. */
export class MemoryDialler implements Dialler {
  readonly calls: { call: DialCall; done: (result: DialResult) => void }[] = [];

  dial(call: DialCall, done: (result: DialResult) => void): void {
    this.calls.push({ call, done });
  }

  /** Ends the oldest open call. @returns the line it was made for */
  finish(result: DialResult): Readonly<Record<string, unknown>> {
    const next = this.calls.shift();
    if (!next) throw new Error("nothing was dialled");
    next.done(result);
    return JSON.parse(next.call.line) as Record<string, unknown>;
  }
}

export function countingIds(): { messageId(): MessageId } {
  let last = 0;
  return {
    messageId() {
      last += 1;
      return `m${last}` as MessageId;
    },
  };
}
