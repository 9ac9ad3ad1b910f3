// A store on a database that a test can break, with a clock that it moves and a log that it can read. The engine is in this
// thread, so a result takes only a turn of the event loop.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MessageId } from "../../../../protocol/ids.ts";
import { checkName } from "../../../../protocol/names.ts";
import { skeletonOf } from "../../../../server/core/names/skeleton.ts";
import type {
  Account,
  Appended,
  Grant,
  QueuedMessage,
  Log,
  LogFields,
  StoredLetter,
} from "../../../../server/core/ports.ts";
import type { DiskSpace } from "../../../../server/storage/engine/file-care.ts";
import { databaseName, openServerDatabase } from "../../../../server/storage/engine/open.ts";
import type { NameRules } from "../../../../server/storage/name-rules.ts";
import { openStoreInProcess } from "../../../../server/storage/open-store.ts";
import type { Store } from "../../../../server/storage/store.ts";
import { JumpingClock } from "../../../support/jumping-clock.ts";

export interface OpenWith {
  readonly names?: NameRules;
  readonly diskSpaceOf?: () => DiskSpace;
  readonly serves?: boolean;
}

export class TestStore {
  readonly folder = mkdtempSync(join(tmpdir(), "chat-room-store-"));
  readonly path = join(this.folder, databaseName);
  readonly clock = new JumpingClock();
  readonly events: string[] = [];
  readonly fields: LogFields[] = [];
  readonly commitsMs: number[] = [];
  database: DatabaseSync;
  store: Store;

  constructor(options: OpenWith = {}) {
    this.database = openServerDatabase(this.folder, true);
    this.store = this.#open(options);
  }

  /** Ends, and starts again. */
  async reopen(options: OpenWith = {}): Promise<void> {
    await this.store.close(0);
    this.start(options);
  }

  /** Starts after `store.close`, or as after a crash. @param full as for `failCommits` */
  start(options: OpenWith = {}, full?: () => boolean): void {
    if (this.database.isOpen) this.database.close();
    this.database = openServerDatabase(this.folder, true);
    if (full) this.failCommits(full);
    this.store = this.#open(options);
  }

  /** Makes every write fail, as on a disk that is gone; reading still works. */
  breakDisk(broken: boolean): void {
    this.database.exec(`PRAGMA query_only = ${broken ? "on" : "off"}`);
  }

  /** Makes commits fail while `when` returns true: the disk is full. */
  failCommits(when: () => boolean): void {
    const { database } = this;
    const exec = database.exec.bind(database);
    database.exec = (sql) => {
      if (sql === "COMMIT" && when()) throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
      exec(sql);
    };
  }

  async account(name: string): Promise<Account> {
    const made = await this.store.accounts.create(newAccount(name));
    const account = this.store.accounts.find(name);
    if (made !== "written" || !account) throw new Error(`${name} is ${made}`);
    return account;
  }

  append(to: Account, letter: QueuedMessage): Promise<Appended> {
    return new Promise((done) => this.store.mailbox.append(to.id, letter, done));
  }

  read(of: Account): Promise<readonly StoredLetter[] | "failed"> {
    return new Promise((done) => this.store.mailbox.read(of.id, 0, { messages: 100, bytes: Infinity }, done));
  }

  async texts(of: Account): Promise<string[] | "failed"> {
    const letters = await this.read(of);
    return letters === "failed" ? letters : letters.map(({ msg }) => msg);
  }

  /** The names of files in the folder, at any depth, that contain that text. */
  filesWith(text: string): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: "utf8" }).filter((name) => {
      const path = join(this.folder, name);
      return statSync(path).isFile() && readFileSync(path).includes(text);
    });
  }

  async dispose(): Promise<void> {
    if (this.database.isOpen) await this.store.close(0);
    rmSync(this.folder, { recursive: true });
  }

  #open(options: OpenWith): Store {
    return openStoreInProcess(this.database, {
      ...options,
      folder: this.folder,
      clock: this.clock,
      log: this.#log(),
      schedule: setImmediate,
      committed: (ms) => this.commitsMs.push(ms),
    });
  }

  #log(): Log {
    const note = (event: string, fields: LogFields = {}): void => {
      this.events.push(event);
      this.fields.push(fields);
    };
    return { debug: note, info: note, warn: note, error: note };
  }
}

export function newAccount(raw: string, password = "hash") {
  const check = checkName(raw);
  if (!check.ok) throw new Error(check.reason);
  return { name: check.name, key: check.key, skeleton: skeletonOf(check.name), password };
}

export function letterFrom(from: Account, mid: string, msg = mid, added: Partial<QueuedMessage> = {}): QueuedMessage {
  return {
    ...{ from: from.name, sender: from.id, senderId: from.publicId, mid: mid as MessageId, ts: 1, msg },
    ...added,
  };
}

export function grantFor(account: Account, added: Partial<Grant> = {}): Grant {
  return {
    ...{ account: account.id, address: "127.0.0.1", port: 7, device: "d", presence: true, acks: false },
    ...{ outcomes: true, plain: true },
    ...added,
  };
}

/** Opens the file as another program would. */
export function otherProgram(path: string): DatabaseSync {
  return new DatabaseSync(path);
}
