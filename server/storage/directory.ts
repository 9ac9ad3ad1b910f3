// Accounts and blocks: read from memory on every request, written to SQLite first. Memory shows what is committed; `load`
// brings it up to date after another process (an admin command) changed the file.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { UserKey, UserName } from "../../protocol/ids.ts";
import type { Account, Accounts, Blocks, Clock, Written } from "../core/ports.ts";
import type { GroupCommit } from "./group-commit.ts";
import { Invites } from "./invites.ts";
import { integerOf, textOf } from "./row.ts";

interface Row {
  readonly account: Account;
  password: string;
}

export class Directory implements Accounts, Blocks {
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #refresh: () => boolean;
  readonly #invites: Invites;
  readonly #statements: Record<"accounts" | "blocks" | "create" | "rehash" | "block" | "unblock", StatementSync>;
  #byKey = new Map<string, Row>();
  #byId = new Map<number, Row>();
  /** All keys in order; made when somebody lists, after a change. */
  #sorted: UserKey[] | undefined;
  #blocks = new Map<number, Set<number>>();

  /** @param refresh sees changes of other processes, and answers whether there were any */
  constructor(database: DatabaseSync, commits: GroupCommit, clock: Clock, refresh: () => boolean) {
    this.#commits = commits;
    this.#clock = clock;
    this.#refresh = refresh;
    this.#invites = new Invites(database);
    this.#statements = {
      accounts: database.prepare("SELECT id, key, name, password FROM account"),
      blocks: database.prepare("SELECT owner, target FROM block"),
      create: database.prepare(
        "INSERT INTO account (key, name, password, created_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      ),
      rehash: database.prepare("UPDATE account SET password = ? WHERE id = ? AND password = ?"),
      // Another process may have removed either of them.
      block: database.prepare(
        "INSERT OR IGNORE INTO block (owner, target) SELECT o.id, t.id FROM account o, account t " +
          "WHERE o.id = ? AND t.id = ?",
      ),
      unblock: database.prepare("DELETE FROM block WHERE owner = ? AND target = ?"),
    };
  }

  /** Reads everything anew. @throws where the storage fails; then memory is as before */
  load(): void {
    const byKey = new Map<string, Row>();
    const byId = new Map<number, Row>();
    for (const found of this.#statements.accounts.iterate()) {
      const key = textOf(found, "key") as UserKey;
      const account = { id: integerOf(found, "id"), name: textOf(found, "name") as UserName, key };
      const row = { account, password: textOf(found, "password") };
      byKey.set(key, row);
      byId.set(account.id, row);
    }
    const blocks = new Map<number, Set<number>>();
    for (const found of this.#statements.blocks.iterate()) {
      addTo(blocks, integerOf(found, "owner"), integerOf(found, "target"));
    }
    this.#byKey = byKey;
    this.#byId = byId;
    this.#blocks = blocks;
    this.#sorted = undefined;
  }

  refresh(): boolean {
    return this.#refresh();
  }

  find(key: UserKey): Account | undefined {
    return this.#byKey.get(key)?.account;
  }

  get(id: number): Account | undefined {
    return this.#byId.get(id)?.account;
  }

  passwordOf(account: Account): string {
    return this.#byId.get(account.id)?.password ?? "";
  }

  isInvited(invite: string): boolean {
    return this.#invites.isUsable(invite, this.#clock.nowMs());
  }

  async create(
    name: UserName,
    key: UserKey,
    password: string,
    invite?: string,
  ): Promise<Written | "taken" | "bad_invite"> {
    const nowMs = this.#clock.nowMs();
    const written = await this.#commits.write(() => {
      if (invite !== undefined && !this.#invites.isUsable(invite, nowMs)) return "bad_invite";
      const { changes, lastInsertRowid } = this.#statements.create.run(key, name, password, nowMs);
      if (Number(changes) === 0) return "taken";
      if (invite !== undefined) this.#invites.use(invite, nowMs);
      return Number(lastInsertRowid);
    });
    if (written === "failed") return written;
    if (typeof written.value === "string") return written.value;
    this.#add({ account: { id: written.value, name, key }, password });
    return "written";
  }

  rehash(account: Account, before: string, password: string): void {
    let changed = false;
    this.#commits.addLazy({
      run: () => (changed = Number(this.#statements.rehash.run(password, account.id, before).changes) === 1),
      done: () => {
        const row = this.#byId.get(account.id);
        if (changed && row) row.password = password;
      },
    });
  }

  /** Drops invitations that are too old. */
  expire(): void {
    this.#commits.addLazy({ run: () => this.#invites.expire(this.#clock.nowMs()), done: () => undefined });
  }

  *list(prefix: string, after: string): Iterable<Account> {
    this.#sorted ??= Array.from(this.#byKey.values(), ({ account }) => account.key).sort(byCodeUnits);
    const keys = this.#sorted;
    for (let at = firstAfter(keys, prefix, after); at < keys.length; at += 1) {
      const key = keys[at] ?? "";
      if (!key.startsWith(prefix)) return;
      const row = this.#byKey.get(key);
      if (row) yield row.account;
    }
  }

  has(owner: number, target: number): boolean {
    return this.#blocks.get(owner)?.has(target) === true;
  }

  of(owner: number): readonly Account[] {
    const targets = Array.from(this.#blocks.get(owner) ?? [], (id) => this.get(id));
    return targets.filter((account) => account !== undefined);
  }

  async put(owner: number, target: number): Promise<Written> {
    const written = await this.#commits.write(() => this.#statements.block.run(owner, target));
    if (written === "failed") return written;
    addTo(this.#blocks, owner, target);
    return "written";
  }

  async remove(owner: number, target: number): Promise<Written> {
    const written = await this.#commits.write(() => this.#statements.unblock.run(owner, target));
    if (written === "failed") return written;
    this.#blocks.get(owner)?.delete(target);
    return "written";
  }

  #add(row: Row): void {
    this.#byKey.set(row.account.key, row);
    this.#byId.set(row.account.id, row);
    this.#sorted = undefined;
  }
}

function addTo(sets: Map<number, Set<number>>, owner: number, target: number): void {
  const set = sets.get(owner);
  if (set) set.add(target);
  else sets.set(owner, new Set([target]));
}

/** The index of the first key that is not before `prefix` and comes after `after`. */
function firstAfter(keys: readonly UserKey[], prefix: string, after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle] ?? "";
    if (key < prefix || key <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order in which SQLite and every other program compare the keys, whatever the locale. */
function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
