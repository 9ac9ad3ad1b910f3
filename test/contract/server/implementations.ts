// The implementations of the core's storage ports that the contract suites run over: SQLite in memory, and SQLite in a file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import { checkName } from "../../../protocol/names.ts";
import type { Account, Accounts, Blocks, Devices, Log, Mailbox, Outcomes, Tokens } from "../../../server/core/ports.ts";
import { skeletonOf } from "../../../server/core/names/skeleton.ts";
import { openServerDatabase } from "../../../server/storage/engine/open.ts";
import { openStoreInProcess } from "../../../server/storage/open-store.ts";
import { migrations } from "../../../server/storage/schema.ts";
import { JumpingClock } from "../../support/jumping-clock.ts";

export interface Implementation {
  readonly accounts: Accounts;
  readonly blocks: Blocks;
  readonly tokens: Tokens;
  readonly devices: Devices;
  readonly mailbox: Mailbox;
  readonly outcomes: Outcomes;
  /** Makes an account with the password "hash". */
  account(name: string): Promise<Account>;
  /** As an admin does. */
  removeAccount(account: Account): Promise<void>;
  /** Makes an invitation for so many accounts. @returns its code */
  invite(uses: number): Promise<string>;
  /** The server runs for so long; the wall clock, if it is right, goes on as much. */
  advance(ms: number): void;
  /** The wall clock is set. */
  setWallClock(toMs: number): void;
  breakDisk(broken: boolean): void;
  /** What nobody waits for is written too. */
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

export const implementations: readonly { readonly name: string; readonly create: () => Implementation }[] = [
  { name: "in SQLite, in memory", create: () => inSqlite(openDatabase(":memory:", migrations), () => undefined) },
  { name: "in SQLite, in a file", create: inFile },
];

const silent = () => undefined;
const noLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

function inFile(): Implementation {
  const folder = mkdtempSync(join(tmpdir(), "chat-room-contract-"));
  return inSqlite(openServerDatabase(folder, true), () => rmSync(folder, { recursive: true }), { folder });
}

function inSqlite(database: DatabaseSync, cleanUp: () => void, where: { folder?: string } = {}): Implementation {
  const clock = new JumpingClock();
  const store = openStoreInProcess(database, { ...where, clock, log: noLog, schedule: setImmediate });
  return {
    accounts: store.accounts,
    blocks: store.blocks,
    tokens: store.tokens,
    devices: store.devices,
    mailbox: store.mailbox,
    outcomes: store.outcomes,
    account: (name) => makeAccount(store.accounts, name),
    async removeAccount(account) {
      if ((await store.removeAccount(account)) !== true) throw new Error(`${account.name} was not removed`);
    },
    invite: (uses) => store.createInvite(uses, undefined),
    advance: (ms) => clock.advance(ms),
    setWallClock: (toMs) => clock.setWallClock(toMs),
    // Every write fails, as on a disk that went away; reading still works.
    breakDisk: (broken) => database.exec(`PRAGMA query_only = ${broken ? "on" : "off"}`),
    settled: () => store.flush(),
    async dispose() {
      await store.close(0);
      cleanUp();
    },
  };
}

/** The account as it would be made of that name. */
export function newAccount(raw: string) {
  const check = checkName(raw);
  if (!check.ok) throw new Error(check.reason);
  return { name: check.name, key: check.key, skeleton: skeletonOf(check.name), password: "hash" };
}

async function makeAccount(accounts: Accounts, raw: string): Promise<Account> {
  const made = await accounts.create(newAccount(raw));
  const account = accounts.find(raw);
  if (made !== "written" || !account) throw new Error(`${raw} is ${made}`);
  return account;
}
