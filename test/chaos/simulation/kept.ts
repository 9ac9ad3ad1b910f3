// Finds where a message is stored, directly in the databases of the simulated disks, without the programs.

import type { DatabaseSync } from "node:sqlite";
import type { Kept as KeptWhere } from "./judges/deliveries.ts";
import { RefusingClient } from "./refusing-client.ts";
import type { World } from "./world.ts";

export class Kept implements KeptWhere {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  onDevice(user: string, text: string): boolean | undefined {
    const devices = this.#world.devicesOf(user);
    const stores = this.#world.plain.some((client) => client.user === user && client.stores);
    if (devices.length === 0) return stores ? this.read(user, text) : undefined;
    return devices.some(({ machine }) =>
      Array.from(machine.disk.databases).some((database) =>
        finds(database, "SELECT 1 FROM event WHERE own = 0 AND seq > 0 AND body = ?", text),
      ),
    );
  }

  inMailbox(user: string, text: string): boolean {
    return finds(
      this.#world.server.database,
      "SELECT 1 FROM letter JOIN account ON account.id = letter.account WHERE key = ? AND msg = CAST(? AS BLOB)",
      user,
      text,
    );
  }

  read(user: string, text: string): boolean {
    return this.#world.plain.some((client) => client.user === user && client.received.has(text));
  }

  refused(user: string, text: string): boolean {
    return this.#world.plain.some(
      (client) => client.user === user && client instanceof RefusingClient && client.refuses(text),
    );
  }

  /** Letters in the mailbox of that user, except those that their client never accepts. */
  letters(user: string): number {
    const rows = this.#world.server.database
      .prepare("SELECT CAST(msg AS TEXT) AS msg FROM letter JOIN account ON account.id = letter.account WHERE key = ?")
      .all(user);
    return rows.filter(({ msg }) => !this.refused(user, String(msg))).length;
  }

  /** Whether that block is on the disk. */
  blocks(owner: string, target: string): boolean {
    return finds(
      this.#world.server.database,
      "SELECT 1 FROM block JOIN account o ON o.id = owner JOIN account t ON t.id = target WHERE o.key = ? AND t.key = ?",
      owner,
      target,
    );
  }
}

function finds(database: DatabaseSync, sql: string, ...values: string[]): boolean {
  return database.prepare(sql).get(...values) !== undefined;
}
