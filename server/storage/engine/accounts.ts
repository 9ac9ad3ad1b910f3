// Accounts and blocks in SQLite. The server answers queries about them from memory; this file changes them, each change
// with its conditions checked in the transaction that writes.

import type { StatementSync } from "node:sqlite";
import type { AccountId, UserKey, UserName } from "../../../protocol/ids.ts";
import type { AccountToCreate, CreateRefusal, LoadedAccount, Origin } from "../operations.ts";
import type { NameRules } from "../name-rules.ts";
import { integerOf, optionalTextOf, textOf } from "../row.ts";
import { isForeignKey } from "./failure.ts";
import type { InviteTable } from "./invites.ts";
import type { LetterTable } from "./letters.ts";
import type { OutcomeTable } from "./outcomes.ts";
import type { EngineParts } from "./part.ts";

type StatementName =
  "all" | "blocks" | "taken" | "alike" | "create" | "rehash" | "password" | "get" | "remove" | "block" | "unblock";

export class AccountTable {
  readonly #parts: EngineParts;
  readonly #names: NameRules;
  readonly #tables: { readonly letters: LetterTable; readonly outcomes: OutcomeTable; readonly invites: InviteTable };
  readonly #statements: Record<StatementName, StatementSync>;
  readonly #endSession: readonly StatementSync[];

  constructor(
    parts: EngineParts,
    names: NameRules,
    tables: { readonly letters: LetterTable; readonly outcomes: OutcomeTable; readonly invites: InviteTable },
  ) {
    const { database } = parts;
    this.#parts = parts;
    this.#names = names;
    this.#tables = tables;
    this.#statements = {
      all: database.prepare(
        "SELECT id, public_id, name, key, skeleton, written_skeleton, password FROM account ORDER BY id",
      ),
      blocks: database.prepare("SELECT owner, target FROM block"),
      taken: database.prepare("SELECT 1 FROM account WHERE key = ? OR name = ?"),
      alike: database.prepare("SELECT 1 FROM account WHERE skeleton = ? OR written_skeleton = ?"),
      create: database.prepare(
        "INSERT INTO account (key, name, password, created_ms, public_id, skeleton, written_skeleton) " +
          "VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
      rehash: database.prepare("UPDATE account SET password = ? WHERE id = ? AND password = ?"),
      password: database.prepare("UPDATE account SET password = ? WHERE id = ?"),
      get: database.prepare("SELECT name FROM account WHERE id = ?"),
      remove: database.prepare("DELETE FROM account WHERE id = ?"),
      block: database.prepare("INSERT OR IGNORE INTO block (owner, target) VALUES (?, ?)"),
      unblock: database.prepare("DELETE FROM block WHERE owner = ? AND target = ?"),
    };
    this.#endSession = ["token", "device"].map((table) => database.prepare(`DELETE FROM ${table} WHERE account = ?`));
  }

  *all(): Iterable<LoadedAccount> {
    for (const row of this.#statements.all.iterate()) {
      const account = {
        id: integerOf(row, "id"),
        publicId: textOf(row, "public_id") as AccountId,
        name: textOf(row, "name") as UserName,
        key: textOf(row, "key") as UserKey,
      };
      const written = optionalTextOf(row, "written_skeleton");
      const skeletons = [textOf(row, "skeleton"), ...(written === undefined ? [] : [written])];
      yield { account, skeletons, password: textOf(row, "password") };
    }
  }

  *blocks(): Iterable<readonly [owner: number, target: number]> {
    for (const row of this.#statements.blocks.iterate()) yield [integerOf(row, "owner"), integerOf(row, "target")];
  }

  create(account: AccountToCreate, by: Origin, invite?: string): number | CreateRefusal {
    const { key, name, skeleton, password, publicId } = account;
    const [, written = null] = this.#names.skeletonsOf(name);
    const { clock, notes } = this.#parts;
    const { invites } = this.#tables;
    if (invite !== undefined && !invites.isUsable(invite)) return "bad_invite";
    if (this.#statements.taken.get(key, name)) return "taken";
    for (const look of [skeleton, written]) if (this.#statements.alike.get(look, look)) return "looks_alike";
    const made = this.#statements.create.run(key, name, password, clock.nowMs(), publicId, skeleton, written);
    const used = invite === undefined ? undefined : invites.use(invite);
    const id = Number(made.lastInsertRowid);
    notes.audit.push({ event: "account_created", user: name, account: id, by, ...(used && { invite: used }) });
    return id;
  }

  rehash(account: number, before: string, password: string): boolean {
    return Number(this.#statements.rehash.run(password, account, before).changes) === 1;
  }

  changePassword(account: number, password: string): boolean {
    const name = this.#nameOf(account);
    if (name === undefined) return false;
    this.#statements.password.run(password, account);
    for (const statement of this.#endSession) statement.run(account);
    this.#parts.notes.audit.push({ event: "password_changed", user: name, account });
    return true;
  }

  /**
   * The schema removes what belongs to the account. Its queued messages are removed one by one, for senders that want to
   * know.
   */
  remove(account: number): boolean {
    const name = this.#nameOf(account);
    if (name === undefined) return false;
    this.#tables.letters.removeAll(account);
    this.#statements.remove.run(account);
    this.#tables.outcomes.forget(account);
    this.#parts.notes.audit.push({ event: "account_removed", user: name, account });
    return true;
  }

  /** Does nothing if either account is gone. */
  block(owner: number, target: number): void {
    try {
      this.#statements.block.run(owner, target);
    } catch (error) {
      if (!isForeignKey(error)) throw error;
    }
  }

  unblock(owner: number, target: number): void {
    this.#statements.unblock.run(owner, target);
  }

  #nameOf(account: number): string | undefined {
    const row = this.#statements.get.get(account);
    return row && textOf(row, "name");
  }
}
