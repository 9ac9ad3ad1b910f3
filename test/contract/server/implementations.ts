// The implementations of the core's storage ports that the contract suites run over: in memory, SQLite in memory, and
// SQLite in a file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import { checkName } from "../../../protocol/names.ts";
import type { Accounts, Blocks, Log, Mailbox, Tokens } from "../../../server/core/ports.ts";
import { Invites } from "../../../server/storage/invites.ts";
import { migrations } from "../../../server/storage/schema.ts";
import { openServerDatabase, Store } from "../../../server/storage/store.ts";
import { MemoryDirectory, MemoryMailbox, MemoryTokens } from "../../unit/server/memory-ports.ts";

export interface Implementation {
  readonly accounts: Accounts;
  readonly blocks: Blocks;
  readonly tokens: Tokens;
  readonly mailbox: Mailbox;
  /** Makes an account with the password "hash". @returns its id */
  account(name: string): Promise<number>;
  /** Makes an invitation for so many accounts. @returns its code */
  invite(uses: number): string;
  /** The wall clock goes on. */
  advance(ms: number): void;
  breakDisk(broken: boolean): void;
  /** What nobody waits for is written too. */
  settled(): Promise<void>;
  dispose(): void;
}

export const implementations: readonly { readonly name: string; readonly create: () => Implementation }[] = [
  { name: "in memory", create: inMemory },
  { name: "in SQLite, in memory", create: () => inSqlite(openDatabase(":memory:", migrations), () => undefined) },
  { name: "in SQLite, in a file", create: inFile },
];

const silent = () => undefined;
const noLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

function inMemory(): Implementation {
  const disk = { works: true };
  let nowMs = 1_000_000;
  const directory = new MemoryDirectory(disk);
  const mailbox = new MemoryMailbox(disk, () => nowMs);
  let open = true;
  const turn = () => {
    mailbox.commit();
    if (open) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    accounts: directory,
    blocks: directory,
    tokens: new MemoryTokens(disk, () => nowMs, directory),
    mailbox,
    account: (name) => makeAccount(directory, name),
    invite(uses) {
      directory.invites.set("code", uses);
      return "code";
    },
    advance: (ms) => (nowMs += ms),
    breakDisk: (broken) => (disk.works = !broken),
    settled: nextTurn,
    dispose: () => (open = false),
  };
}

function inFile(): Implementation {
  const folder = mkdtempSync(join(tmpdir(), "chat-room-contract-"));
  return inSqlite(openServerDatabase(folder), () => rmSync(folder, { recursive: true }));
}

function inSqlite(database: DatabaseSync, cleanUp: () => void): Implementation {
  let nowMs = 1_000_000;
  const store = new Store(database, { nowMs: () => nowMs, monotonicMs: () => nowMs }, noLog);
  return {
    accounts: store.directory,
    blocks: store.directory,
    tokens: store.tokens,
    mailbox: store.mailbox,
    account: (name) => makeAccount(store.directory, name),
    invite: (uses) => new Invites(database).create(uses, undefined, nowMs),
    advance: (ms) => (nowMs += ms),
    // Every write fails, as on a disk that went away; reading still works.
    breakDisk: (broken) => database.exec(`PRAGMA query_only = ${broken ? "on" : "off"}`),
    settled: nextTurn,
    dispose() {
      store.close();
      cleanUp();
    },
  };
}

async function makeAccount(accounts: Accounts, raw: string): Promise<number> {
  const check = checkName(raw);
  if (!check.ok) throw new Error(check.reason);
  await accounts.create(check.name, check.key, "hash");
  return accounts.find(check.key)?.id ?? 0;
}

async function nextTurn(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
