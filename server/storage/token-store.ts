// Session tokens: 256 random bits, kept as their SHA-256 only, at most one an account. In memory for reading, in SQLite so
// that clients go on after the server was started again.

import { createHash, randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { limits } from "../../protocol/limits.ts";
import type { Clock, Grant, Tokens, Written } from "../core/ports.ts";
import type { GroupCommit } from "./group-commit.ts";
import { integerOf, optionalIntegerOf, optionalTextOf, textOf } from "./row.ts";

interface Row {
  readonly hash: string;
  grant: Grant;
  /** Wall time, because it outlives the process. */
  usedMs: number;
}

const touchMs = 60 * 60 * 1_000;

export class TokenStore implements Tokens {
  readonly #commits: GroupCommit;
  readonly #clock: Clock;
  readonly #statements: Record<"all" | "issue" | "renew" | "touch" | "revoke" | "expire", StatementSync>;
  #byHash = new Map<string, Row>();
  #byAccount = new Map<number, Row>();

  constructor(database: DatabaseSync, commits: GroupCommit, clock: Clock) {
    this.#commits = commits;
    this.#clock = clock;
    this.#statements = {
      all: database.prepare("SELECT account, hash, address, port, device, presence, acks, used_ms FROM token"),
      // Another process may have removed the account, or changed its password while one was checked.
      issue: database.prepare(
        "INSERT OR REPLACE INTO token (account, hash, address, port, device, presence, acks, used_ms) " +
          "SELECT id, ?, ?, ?, ?, ?, ?, ? FROM account WHERE id = ? AND password = coalesce(?, password)",
      ),
      renew: database.prepare(
        "UPDATE token SET address = ?, port = ?, device = ?, presence = ?, acks = ?, used_ms = ? WHERE hash = ?",
      ),
      touch: database.prepare("UPDATE token SET used_ms = ? WHERE hash = ?"),
      revoke: database.prepare("DELETE FROM token WHERE hash = ?"),
      expire: database.prepare("DELETE FROM token WHERE used_ms < ?"),
    };
  }

  /** Reads everything anew. @throws where the storage fails; then memory is as before */
  load(): void {
    const byHash = new Map<string, Row>();
    const byAccount = new Map<number, Row>();
    for (const found of this.#statements.all.iterate()) {
      const row: Row = {
        hash: textOf(found, "hash"),
        grant: {
          account: integerOf(found, "account"),
          address: textOf(found, "address"),
          port: optionalIntegerOf(found, "port"),
          device: optionalTextOf(found, "device"),
          presence: integerOf(found, "presence") === 1,
          acks: integerOf(found, "acks") === 1,
        },
        usedMs: integerOf(found, "used_ms"),
      };
      byHash.set(row.hash, row);
      byAccount.set(row.grant.account, row);
    }
    this.#byHash = byHash;
    this.#byAccount = byAccount;
  }

  find(token: string): { hash: string; grant: Grant } | undefined {
    const row = this.#byHash.get(hashOf(token));
    if (!row || row.usedMs < this.#oldestMs()) return undefined;
    this.touch(row.hash);
    return row;
  }

  isValid(hash: string): boolean {
    return this.#byHash.has(hash);
  }

  async issue(grant: Grant, password?: string): Promise<{ token: string; hash: string } | "failed"> {
    const token = randomBytes(32).toString("base64url");
    const row: Row = { hash: hashOf(token), grant, usedMs: this.#clock.nowMs() };
    const written = await this.#commits.write(() => {
      const owner = [grant.account, password ?? null];
      const { changes } = this.#statements.issue.run(row.hash, ...columns(grant), row.usedMs, ...owner);
      return Number(changes) > 0;
    });
    if (written === "failed" || !written.value) return "failed";
    this.#put(row);
    return { token, hash: row.hash };
  }

  renew(hash: string, grant: Grant): void {
    const row = this.#byHash.get(hash);
    if (!row) return;
    row.grant = grant;
    row.usedMs = this.#clock.nowMs();
    this.#writeLater(() => this.#statements.renew.run(...columns(grant), row.usedMs, hash));
  }

  touch(hash: string): void {
    const nowMs = this.#clock.nowMs();
    const row = this.#byHash.get(hash);
    if (!row || nowMs - row.usedMs < touchMs) return;
    row.usedMs = nowMs;
    this.#writeLater(() => this.#statements.touch.run(nowMs, hash));
  }

  async revoke(hash: string): Promise<Written> {
    const written = await this.#commits.write(() => this.#statements.revoke.run(hash));
    if (written === "failed") return written;
    this.#forget(hash);
    return "written";
  }

  /** Drops what nobody used for 30 days [P-3.4]. */
  expire(): void {
    const oldestMs = this.#oldestMs();
    for (const row of this.#byHash.values()) if (row.usedMs < oldestMs) this.#forget(row.hash);
    this.#writeLater(() => this.#statements.expire.run(oldestMs));
  }

  #oldestMs(): number {
    return this.#clock.nowMs() - limits.tokenAgeMs;
  }

  #put(row: Row): void {
    const before = this.#byAccount.get(row.grant.account);
    if (before) this.#byHash.delete(before.hash);
    this.#byHash.set(row.hash, row);
    this.#byAccount.set(row.grant.account, row);
  }

  #forget(hash: string): void {
    const row = this.#byHash.get(hash);
    if (!row) return;
    this.#byHash.delete(hash);
    this.#byAccount.delete(row.grant.account);
  }

  #writeLater(run: () => void): void {
    this.#commits.addLazy({ run, done: () => undefined });
  }
}

function columns(grant: Grant): [string, number | null, string | null, number, number] {
  return [grant.address, grant.port ?? null, grant.device ?? null, Number(grant.presence), Number(grant.acks)];
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
