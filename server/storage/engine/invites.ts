// Invitations: 128 random bits each, kept only as their SHA-256, valid for a number of accounts and for a running time of
// the server. They are rarely needed, so SQLite is asked every time.

import { createHash, randomBytes } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import type { MemberInvite } from "../../core/ports.ts";
import type { InviteBounds, InviteState } from "../operations.ts";
import { integerOf, optionalIntegerOf, optionalTextOf, textOf } from "../row.ts";
import type { EngineParts } from "./part.ts";

const codeBytes = 16;
const idLength = 8;

export class InviteTable {
  readonly #parts: EngineParts;
  readonly #statements: Record<
    "create" | "open" | "recent" | "name" | "usable" | "use" | "list" | "revoke" | "expire",
    StatementSync
  >;

  constructor(parts: EngineParts) {
    const { database } = parts;
    const open = "used < uses AND (expires_ms IS NULL OR expires_ms > ?)";
    const usable = `hash = ? AND ${open}`;
    this.#parts = parts;
    this.#statements = {
      create: database.prepare(
        "INSERT INTO invite (hash, uses, used, created_ms, made_ms, expires_ms, account) VALUES (?, ?, 0, ?, ?, ?, ?)",
      ),
      open: database.prepare(
        `SELECT count(*) AS count, ifnull(sum(uses - used), 0) AS uses FROM invite WHERE account = ? AND ${open}`,
      ),
      recent: database.prepare("SELECT uses, made_ms FROM invite WHERE account = ? AND made_ms > ? ORDER BY made_ms"),
      name: database.prepare("SELECT name FROM account WHERE id = ?"),
      usable: database.prepare(`SELECT 1 FROM invite WHERE ${usable}`),
      use: database.prepare(`UPDATE invite SET used = used + 1 WHERE ${usable}`),
      list: database.prepare(
        "SELECT hash, uses, used, expires_ms, name FROM invite LEFT JOIN account ON account.id = invite.account " +
          "ORDER BY invite.created_ms, hash",
      ),
      revoke: database.prepare("DELETE FROM invite WHERE hash = ? OR substr(hash, 1, ?) = ? RETURNING hash"),
      expire: database.prepare("DELETE FROM invite WHERE expires_ms <= ?"),
    };
  }

  create(uses: number, lifeMs: number | undefined): string {
    return this.#create(uses, lifeMs, undefined);
  }

  /** It ends with the account. */
  createBy(account: number, uses: number, lifeMs: number, bounds: InviteBounds): MemberInvite {
    const open = this.#statements.open.get(account, this.#parts.time.nowMs());
    if (open && integerOf(open, "count") >= bounds.maxOpen) return "too_many";
    // Before the wait, which alone would not help.
    if (open && integerOf(open, "uses") + uses > bounds.maxOpenUses) return "too_many_uses";
    const waitMs = this.#waitMs(account, uses, bounds);
    if (waitMs > 0) return { waitMs };
    return { code: this.#create(uses, lifeMs, account) };
  }

  /** Until enough of what the member made is older than the window. */
  #waitMs(account: number, uses: number, { maxNewUses, windowMs }: InviteBounds): number {
    const nowMs = this.#parts.time.nowMs();
    const recent = this.#statements.recent
      .all(account, nowMs - windowMs)
      .map((row) => ({ uses: integerOf(row, "uses"), madeMs: integerOf(row, "made_ms") }));
    let excess = recent.reduce((sum, each) => sum + each.uses, uses) - maxNewUses;
    if (excess <= 0) return 0;
    for (const each of recent) {
      excess -= each.uses;
      if (excess <= 0) return each.madeMs + windowMs - nowMs;
    }
    return windowMs;
  }

  #create(uses: number, lifeMs: number | undefined, account: number | undefined): string {
    const { clock, notes, time } = this.#parts;
    const code = randomBytes(codeBytes).toString("hex");
    const hash = hashOf(code);
    const madeMs = time.nowMs();
    const expiresMs = lifeMs === undefined ? null : madeMs + lifeMs;
    this.#statements.create.run(hash, uses, clock.nowMs(), madeMs, expiresMs, account ?? null);
    const maker = account === undefined ? undefined : this.#statements.name.get(account);
    const by = account !== undefined && maker && { user: textOf(maker, "name"), account };
    notes.audit.push({ event: "invite_created", invite: idOf(hash), uses, ...by });
    return code;
  }

  isUsable(code: string): boolean {
    return this.#statements.usable.get(hashOf(code), this.#parts.time.nowMs()) !== undefined;
  }

  /** Call it within the transaction that makes the account. @returns the invitation's id; undefined if no use is left */
  use(code: string): string | undefined {
    const hash = hashOf(code);
    const used = Number(this.#statements.use.run(hash, this.#parts.time.nowMs()).changes) === 1;
    return used ? idOf(hash) : undefined;
  }

  list(): InviteState[] {
    const nowMs = this.#parts.time.nowMs();
    return this.#statements.list.all().map((row) => {
      const expiresMs = optionalIntegerOf(row, "expires_ms");
      return {
        id: idOf(textOf(row, "hash")),
        uses: integerOf(row, "uses"),
        used: integerOf(row, "used"),
        leftMs: expiresMs === undefined ? undefined : expiresMs - nowMs,
        by: optionalTextOf(row, "name"),
      };
    });
  }

  revoke(name: string): boolean {
    const revoked = this.#statements.revoke.all(hashOf(name), idLength, name);
    for (const row of revoked) {
      this.#parts.notes.audit.push({ event: "invite_revoked", invite: idOf(textOf(row, "hash")) });
    }
    return revoked.length > 0;
  }

  /** @returns how many were dropped */
  expire(): number {
    return Number(this.#statements.expire.run(this.#parts.time.nowMs()).changes);
  }
}

function idOf(hash: string): string {
  return hash.slice(0, idLength);
}

function hashOf(code: string): string {
  return createHash("sha256").update(code.trim().toLowerCase()).digest("hex");
}
