// Invitations: 128 random bits each, kept only as their SHA-256, valid for a number of accounts and for a running time of
// the server. They are rarely needed, so SQLite is asked every time.

import { createHash, randomBytes } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import type { InviteState } from "../operations.ts";
import { integerOf, optionalIntegerOf, textOf } from "../row.ts";
import type { EngineParts } from "./part.ts";

const codeBytes = 16;
const idLength = 8;

export class InviteTable {
  readonly #parts: EngineParts;
  readonly #statements: Record<"create" | "usable" | "use" | "list" | "revoke" | "expire", StatementSync>;

  constructor(parts: EngineParts) {
    const { database } = parts;
    const usable = "hash = ? AND used < uses AND (expires_ms IS NULL OR expires_ms > ?)";
    this.#parts = parts;
    this.#statements = {
      create: database.prepare("INSERT INTO invite (hash, uses, used, created_ms, expires_ms) VALUES (?, ?, 0, ?, ?)"),
      usable: database.prepare(`SELECT 1 FROM invite WHERE ${usable}`),
      use: database.prepare(`UPDATE invite SET used = used + 1 WHERE ${usable}`),
      list: database.prepare("SELECT hash, uses, used, expires_ms FROM invite ORDER BY created_ms, hash"),
      revoke: database.prepare("DELETE FROM invite WHERE hash = ? OR substr(hash, 1, ?) = ? RETURNING hash"),
      expire: database.prepare("DELETE FROM invite WHERE expires_ms <= ?"),
    };
  }

  create(uses: number, lifeMs: number | undefined): string {
    const { clock, notes, time } = this.#parts;
    const code = randomBytes(codeBytes).toString("hex");
    const hash = hashOf(code);
    this.#statements.create.run(hash, uses, clock.nowMs(), lifeMs === undefined ? null : time.nowMs() + lifeMs);
    notes.audit.push({ event: "invite_created", invite: idOf(hash), uses });
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
