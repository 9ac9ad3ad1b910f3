// Session tokens as their SHA-256, one per account, each with the properties of its session. `token` keeps the columns that
// it always had, because other programs insert into it; the rest is in `session`, and may be missing.

import type { StatementSync } from "node:sqlite";
import { limits } from "../../../protocol/limits.ts";
import type { Grant, OwnPresence } from "../../core/ports.ts";
import type { LoadedToken } from "../operations.ts";
import { integerOf, optionalClientTextOf, optionalIntegerOf, optionalTextOf, textOf } from "../row.ts";
import type { SqlRow } from "../row.ts";
import { textParameter, withoutNul } from "../sql-text.ts";
import type { EngineParts } from "./part.ts";

type StatementName =
  | "all"
  | "may"
  | "end"
  | "issue"
  | "renew"
  | "keep"
  | "touch"
  | "revoke"
  | "present"
  | "live"
  | "away"
  | "old"
  | "expire";

export class TokenTable {
  readonly #parts: EngineParts;
  readonly #statements: Record<StatementName, StatementSync>;

  constructor(parts: EngineParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#statements = {
      all: database.prepare(
        "SELECT t.account, t.hash, t.address, t.port, t.device AS label, t.presence, t.acks, t.used_ms, " +
          "s.plain, s.outcomes, s.device, s.live, s.state, s.text FROM token t LEFT JOIN session s ON s.hash = t.hash",
      ),
      // Since its password was checked, the account may have been removed, or got another password.
      may: database.prepare("SELECT 1 FROM account WHERE id = ? AND password = coalesce(?, password)"),
      end: database.prepare("DELETE FROM token WHERE account = ?"),
      issue: database.prepare(
        "INSERT INTO token (address, port, device, presence, acks, used_ms, hash, account) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ),
      renew: database.prepare(
        "UPDATE token SET address = ?, port = ?, device = ?, presence = ?, acks = ?, used_ms = ? WHERE hash = ?",
      ),
      keep: database.prepare(
        "INSERT INTO session (hash, plain, outcomes, device) " +
          "SELECT hash, ?, ?, CAST(? AS BLOB) FROM token WHERE hash = ? ON CONFLICT (hash) DO UPDATE SET " +
          "plain = excluded.plain, outcomes = excluded.outcomes, device = excluded.device",
      ),
      touch: database.prepare("UPDATE token SET used_ms = ? WHERE hash = ?"),
      revoke: database.prepare("DELETE FROM token WHERE hash = ?"),
      present: database.prepare("UPDATE session SET live = ?, state = ?, text = CAST(? AS BLOB) WHERE hash = ?"),
      live: database.prepare("SELECT 1 FROM session WHERE live = 1 LIMIT 1"),
      away: database.prepare("UPDATE session SET live = 0, state = NULL, text = NULL WHERE live = 1"),
      old: database.prepare("SELECT hash FROM token WHERE used_ms < ? LIMIT ?"),
      expire: database.prepare("DELETE FROM token WHERE hash = ? AND used_ms < ?"),
    };
  }

  /** @param withPresence whether sessions that were present are expected back */
  *all(withPresence: boolean): Iterable<LoadedToken> {
    for (const row of this.#statements.all.iterate()) {
      yield {
        hash: textOf(row, "hash"),
        grant: grantOf(row),
        usedMs: integerOf(row, "used_ms"),
        presence: withPresence && optionalIntegerOf(row, "live") === 1 ? presenceOf(row) : undefined,
      };
    }
  }

  issue(hash: string, grant: Grant, password?: string): boolean {
    if (!this.#statements.may.get(grant.account, password ?? null)) return false;
    this.#statements.end.run(grant.account);
    this.#statements.issue.run(...columns(grant), this.#nowMs(), hash, grant.account);
    this.#keep(hash, grant);
    return true;
  }

  renew(hash: string, grant: Grant): void {
    this.#statements.renew.run(...columns(grant), this.#nowMs(), hash);
    this.#keep(hash, grant);
  }

  touch(hash: string): void {
    this.#statements.touch.run(this.#nowMs(), hash);
  }

  revoke(hash: string): void {
    this.#statements.revoke.run(hash);
  }

  present(hash: string, presence: OwnPresence | undefined): void {
    const text = presence?.text === undefined ? null : textParameter(presence.text);
    this.#statements.present.run(Number(presence !== undefined), presence?.state ?? null, text, hash);
  }

  /** Whether any session is present. */
  get anyLive(): boolean {
    return this.#statements.live.get() !== undefined;
  }

  /** Records that no session is present. */
  allAway(): void {
    this.#statements.away.run();
  }

  /** @param count how many are looked at, at most @returns how many were dropped */
  expire(count: number): number {
    const oldestMs = this.#nowMs() - limits.tokenAgeMs;
    const old = this.#statements.old.all(oldestMs, count).map((row) => textOf(row, "hash"));
    for (const hash of old) this.#statements.expire.run(hash, oldestMs);
    this.#parts.notes.endedTokens.push(...old);
    return old.length;
  }

  #nowMs(): number {
    return this.#parts.time.nowMs();
  }

  #keep(hash: string, grant: Grant): void {
    const device = grant.device === undefined ? null : textParameter(grant.device);
    this.#statements.keep.run(Number(grant.plain), Number(grant.outcomes), device, hash);
  }
}

function columns(grant: Grant): [string, number | null, string | null, number, number] {
  const device = grant.device === undefined ? null : withoutNul(grant.device);
  return [grant.address, grant.port ?? null, device, Number(grant.presence), Number(grant.acks)];
}

function grantOf(row: SqlRow): Grant {
  return {
    account: integerOf(row, "account"),
    address: textOf(row, "address"),
    port: optionalIntegerOf(row, "port"),
    device: optionalClientTextOf(row, "device") ?? optionalTextOf(row, "label"),
    presence: integerOf(row, "presence") === 1,
    acks: integerOf(row, "acks") === 1,
    outcomes: optionalIntegerOf(row, "outcomes") === 1,
    plain: optionalIntegerOf(row, "plain") === 1,
  };
}

function presenceOf(row: SqlRow): OwnPresence {
  const state = optionalTextOf(row, "state");
  return {
    state: state === "away" || state === "dnd" ? state : "available",
    text: optionalClientTextOf(row, "text"),
  };
}
