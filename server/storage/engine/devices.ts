// The keys of the devices with which each person signed in, the latest few per account [P-8.8].

import type { StatementSync } from "node:sqlite";
import { limits } from "../../../protocol/limits.ts";
import { integerOf, textOf } from "../row.ts";
import type { EngineParts } from "./part.ts";

export class DeviceTable {
  readonly #parts: EngineParts;
  readonly #statements: Record<"all" | "remember" | "drop", StatementSync>;

  constructor(parts: EngineParts) {
    const { database } = parts;
    this.#parts = parts;
    this.#statements = {
      all: database.prepare("SELECT account, key FROM device ORDER BY account, used_ms, key"),
      // The account may be gone by now.
      remember: database.prepare(
        "INSERT OR REPLACE INTO device (account, key, used_ms) SELECT id, ?, ? FROM account WHERE id = ?",
      ),
      drop: database.prepare(
        "DELETE FROM device WHERE account = ? AND key NOT IN " +
          "(SELECT key FROM device WHERE account = ? ORDER BY used_ms DESC, key DESC LIMIT ?)",
      ),
    };
  }

  /** Those of each account, the least recently used first. */
  *all(): Iterable<readonly [account: number, key: string]> {
    for (const row of this.#statements.all.iterate()) yield [integerOf(row, "account"), textOf(row, "key")];
  }

  remember(account: number, key: string): void {
    this.#statements.remember.run(key, this.#parts.time.nowMs(), account);
    this.#statements.drop.run(account, account, limits.maxDevices);
  }
}
