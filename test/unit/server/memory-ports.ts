// The ports of server/core in memory: nothing is on a disk, time stands still until a test moves it, and what would happen
// later (commits, password checks, bytes that leave) happens when `MemoryWorld.settle` is called. The contract suite
// applies the same rules to these as to the real ones.

import type { AccountId, MessageId } from "../../../protocol/ids.ts";
import { limits } from "../../../protocol/limits.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type {
  Account,
  Accounts,
  Blocks,
  DialCall,
  Dialler,
  DialResult,
  Devices,
  EarlierSession,
  Grant,
  MemberInvite,
  NewAccount,
  OwnPresence,
  Passwords,
  Tokens,
  Written,
} from "../../../server/core/ports.ts";

/** A disk that works unless a test says otherwise. */
export interface Disk {
  works: boolean;
}

export class MemoryDirectory implements Accounts, Blocks {
  readonly #disk: Disk;
  readonly #accounts = new Map<number, { account: Account; skeleton: string; password: string }>();
  readonly #blocks = new Set<string>();
  /** Remaining uses, by code. */
  readonly invites = new Map<string, number>();
  /** Who made it, for how many accounts and when, by code. */
  readonly #made = new Map<string, { readonly by: number; readonly uses: number; readonly atMs: number }>();
  readonly #nowMs: () => number;
  #lastId = 0;

  constructor(disk: Disk, nowMs: () => number) {
    this.#disk = disk;
    this.#nowMs = nowMs;
  }

  find(name: string): Account | undefined {
    const key = keyOfName(name);
    for (const { account } of this.#accounts.values()) if (account.key === key) return account;
    return undefined;
  }

  get(id: number): Account | undefined {
    return this.#accounts.get(id)?.account;
  }

  lookAlike(skeleton: string): Account | undefined {
    for (const row of this.#accounts.values()) if (row.skeleton === skeleton) return row.account;
    return undefined;
  }

  passwordOf(account: Account): string {
    return this.#accounts.get(account.id)?.password ?? "";
  }

  anyPassword(): string | undefined {
    return Array.from(this.#accounts.values())[0]?.password;
  }

  isInvited(invite: string): Promise<boolean> {
    return Promise.resolve(this.#isInvited(invite));
  }

  create(
    { name, key, skeleton, password }: NewAccount,
    invite?: string,
  ): Promise<Written | "taken" | "looks_alike" | "bad_invite"> {
    if (!this.#disk.works) return Promise.resolve("failed");
    if (invite !== undefined && !this.#isInvited(invite)) return Promise.resolve("bad_invite");
    if (this.find(name)) return Promise.resolve("taken");
    if (this.lookAlike(skeleton)) return Promise.resolve("looks_alike");
    if (invite !== undefined) this.invites.set(invite, (this.invites.get(invite) ?? 0) - 1);
    this.#lastId += 1;
    const publicId = `account-${this.#lastId}` as AccountId;
    this.#accounts.set(this.#lastId, { account: { id: this.#lastId, publicId, name, key }, skeleton, password });
    return Promise.resolve("written");
  }

  invite({ id }: Account, uses: number): Promise<MemberInvite | "failed"> {
    if (!this.#disk.works) return Promise.resolve("failed");
    const nowMs = this.#nowMs();
    const own = Array.from(this.#made).filter(([, { by }]) => by === id);
    const open = own.map(([code]) => this.invites.get(code) ?? 0).filter((left) => left > 0);
    if (open.length >= limits.maxMemberInvites) return Promise.resolve("too_many");
    if (open.reduce((sum, left) => sum + left, uses) > limits.maxMemberInviteUses) {
      return Promise.resolve("too_many_uses");
    }
    let excess = uses - limits.maxNewInviteUses;
    const recent = own.map(([, made]) => made).filter(({ atMs }) => nowMs - atMs < limits.memberInviteWindowMs);
    for (const made of recent) excess += made.uses;
    if (excess > 0) {
      const last = recent.find((made) => (excess -= made.uses) <= 0);
      return Promise.resolve({ waitMs: (last?.atMs ?? nowMs) + limits.memberInviteWindowMs - nowMs });
    }
    const code = `code-${this.#made.size + 1}`;
    this.#made.set(code, { by: id, uses, atMs: nowMs });
    this.invites.set(code, uses);
    return Promise.resolve({ code });
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

  isBlocked(target: number): boolean {
    return Array.from(this.#blocks).some((pair) => pair.endsWith(` ${target}`));
  }

  of(owner: number, after = ""): Iterable<Account> {
    return Array.from(this.list("", after)).filter(({ id }) => this.has(owner, id));
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

  /** Removes an account, as an operator does. */
  removeAccount(id: number): void {
    this.#accounts.delete(id);
    for (const [code, { by }] of this.#made) if (by === id) this.invites.delete(code);
    for (const pair of this.#blocks) if (pair.split(" ").includes(String(id))) this.#blocks.delete(pair);
  }

  #isInvited(invite: string): boolean {
    return (this.invites.get(invite) ?? 0) > 0;
  }
}

export class MemoryDevices implements Devices {
  readonly #known = new Set<string>();

  knows(account: number, key: string): boolean {
    return this.#known.has(`${account} ${key}`);
  }

  remember(account: number, key: string): void {
    this.#known.add(`${account} ${key}`);
  }
}

export class MemoryTokens implements Tokens {
  readonly #disk: Disk;
  readonly #rows = new Map<string, TokenRow>();
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

  of(account: number): Grant | undefined {
    for (const { grant } of this.#rows.values()) if (grant.account === account) return grant;
    return undefined;
  }

  issue(grant: Grant, password?: string): Promise<{ token: string; hash: string } | "failed"> {
    const account = this.#directory.get(grant.account);
    if (!this.#disk.works || !account) return Promise.resolve("failed");
    if (password !== undefined && password !== this.#directory.passwordOf(account)) return Promise.resolve("failed");
    for (const row of this.#rows.values()) if (row.grant.account === grant.account) this.#rows.delete(row.hash);
    this.#last += 1;
    const token = `token ${this.#last}`;
    const hash = `hash of ${token}`;
    this.#rows.set(hash, { hash, grant, usedMs: this.#nowMs(), presence: undefined });
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

  present(hash: string, presence: OwnPresence | undefined): void {
    const row = this.#rows.get(hash);
    if (row) row.presence = presence && { state: presence.state, text: presence.text };
  }

  *earlier(): Iterable<EarlierSession> {
    for (const { hash, grant, presence } of this.#rows.values()) if (presence) yield { hash, grant, ...presence };
  }

  /** Removes the sessions of a removed account. */
  removeOf(account: number): void {
    for (const { hash, grant } of this.#rows.values()) if (grant.account === account) this.#rows.delete(hash);
  }
}

interface TokenRow {
  readonly hash: string;
  grant: Grant;
  usedMs: number;
  presence: OwnPresence | undefined;
}

/** Passwords whose hash is trivial. */
export const plainPasswords: Passwords = {
  hash: (password) => Promise.resolve(`hash of ${password}`),
  check: (password, stored) => Promise.resolve(stored === `hash of ${password}` ? "right" : "wrong"),
};

/** Connections to clients' own ports; the test answers them. */
export class MemoryDialler implements Dialler {
  readonly calls: { call: DialCall; done: (result: DialResult) => void }[] = [];

  dial(call: DialCall, done: (result: DialResult) => void): void {
    this.calls.push({ call, done });
  }

  /** Ends the oldest open call. @returns the line that was sent in it */
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
