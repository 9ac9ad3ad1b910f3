// Invitations: 128 random bits each, kept as their SHA-256 only, good for so many accounts until some day. Asked of SQLite
// every time, because they are rarely needed and an admin command may have made one a moment ago.

import { createHash, randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { integerOf, optionalIntegerOf, textOf } from "./row.ts";

export interface InviteState {
  /** Names it without being it. */
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  /** Wall time; undefined: never. */
  readonly expiresMs: number | undefined;
}

const codeBytes = 16;
const idLength = 8;

export class Invites {
  readonly #statements: Record<"create" | "usable" | "use" | "list" | "revoke" | "expire", StatementSync>;

  constructor(database: DatabaseSync) {
    const usable = "hash = ? AND used < uses AND (expires_ms IS NULL OR expires_ms > ?)";
    this.#statements = {
      create: database.prepare("INSERT INTO invite (hash, uses, used, created_ms, expires_ms) VALUES (?, ?, 0, ?, ?)"),
      usable: database.prepare(`SELECT 1 FROM invite WHERE ${usable}`),
      use: database.prepare(`UPDATE invite SET used = used + 1 WHERE ${usable}`),
      list: database.prepare("SELECT hash, uses, used, expires_ms FROM invite ORDER BY created_ms, hash"),
      revoke: database.prepare("DELETE FROM invite WHERE hash = ? OR substr(hash, 1, ?) = ?"),
      expire: database.prepare("DELETE FROM invite WHERE expires_ms <= ?"),
    };
  }

  /** @returns the code, which is told this once */
  create(uses: number, expiresMs: number | undefined, nowMs: number): string {
    const code = randomBytes(codeBytes).toString("hex");
    this.#statements.create.run(hashOf(code), uses, nowMs, expiresMs ?? null);
    return code;
  }

  isUsable(code: string, nowMs: number): boolean {
    return this.#statements.usable.get(hashOf(code), nowMs) !== undefined;
  }

  /** Within the transaction that makes the account. @returns false when there is no use left */
  use(code: string, nowMs: number): boolean {
    return Number(this.#statements.use.run(hashOf(code), nowMs).changes) === 1;
  }

  *list(): Iterable<InviteState> {
    for (const row of this.#statements.list.iterate()) {
      yield {
        id: textOf(row, "hash").slice(0, idLength),
        uses: integerOf(row, "uses"),
        used: integerOf(row, "used"),
        expiresMs: optionalIntegerOf(row, "expires_ms"),
      };
    }
  }

  /** @param name the code or the id. @returns whether there was one */
  revoke(name: string): boolean {
    return Number(this.#statements.revoke.run(hashOf(name), idLength, name).changes) > 0;
  }

  expire(nowMs: number): void {
    this.#statements.expire.run(nowMs);
  }
}

function hashOf(code: string): string {
  return createHash("sha256").update(code.trim().toLowerCase()).digest("hex");
}
