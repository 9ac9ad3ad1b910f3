// Imports an exported history in parts. The lines go into a file next to the history first, and into the history once all of
// them have been read and are valid. There is one import at a time. It is abandoned if no further part arrives, or if its
// history is no longer the open one.

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Timer } from "../../../base/clock.ts";
import { cutOff, readArchiveHeader } from "../../../protocol/api/archive-lines.ts";
import type { ArchiveHeader } from "../../../protocol/api/archive-lines.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { Account } from "../../../protocol/api/model.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { AccountSession } from "../../account/account-session.ts";
import { firstLine } from "./import-stage.ts";
import type { ImportOwner } from "./import-stage.ts";
import type { Merged } from "../merge/merge.ts";
import type { Aside } from "../open/history-file.ts";
import { HistoryThread } from "../thread/history-thread.ts";
import { storageTrouble } from "../open/storage-errors.ts";
import type { Engine } from "../../engine/engine.ts";

export interface ImportsOptions {
  readonly engine: Engine;
  readonly account: AccountSession;
  readonly script: string;
  readonly clock: Clock;
  readonly aside: Aside;
  keyOf(server: string): string | undefined;
}

interface Import {
  readonly id: string;
  readonly path: string;
  /** The database to import into. */
  readonly history: string;
  readonly account: Account;
  readonly owner: ImportOwner;
  readonly thread: HistoryThread;
  /** The number of the next line. */
  number: number;
  /** All lines have arrived: no more are accepted. */
  ending: boolean;
  timer: Timer | undefined;
}

/** An import without a further part for this long is abandoned. */
const patienceMs = 5 * 60_000;

export class Imports {
  readonly #options: ImportsOptions;
  #present: Import | undefined;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** The path of the database that is being filled. */
  get path(): string | undefined {
    return this.#present?.path;
  }

  /**
   * Starts an import.
   * @param line the first line of the file
   * @param adopt import the file of another account as this one's
   */
  async start(line: string, adopt: boolean): Promise<{ readonly ok: true; readonly id: string } | Failure> {
    const { account, engine, script, clock } = this.#options;
    const header = readArchiveHeader(line);
    if (typeof header === "string") return failure("bad_request", header);
    const opened = await account.opened();
    const { me } = engine.state;
    if (!opened || !me) return failure("not_authenticated", "Sign in first.");
    if (!adopt && !this.#isOf(header, me.account)) return failure("denied", othersFile(header, me.account));
    if (this.#present) return failure("busy", "Another import is under way. Try again when it has ended.");
    const id = randomUUID();
    const path = join(opened.file.folder, `import-${id}.db`);
    const owner: ImportOwner = { user: me.account.user, inFile: header.account.user };
    const thread = new HistoryThread({ script, path, clock, staysMs: patienceMs });
    this.#present = {
      ...{ id, path, history: opened.file.path, account: me.account, owner, thread },
      ...{ number: firstLine, ending: false, timer: undefined },
    };
    this.#wait(this.#present);
    return { ok: true, id };
  }

  /** Adds lines; an invalid line ends the import. */
  async add(id: string, lines: readonly string[]): Promise<{ readonly ok: true } | Failure> {
    const present = this.#of(id);
    if (!present) return noImport;
    const { number, owner, thread } = present;
    present.number += lines.length;
    try {
      const wrong = await thread.run("stage", { lines, number, owner });
      if (wrong === undefined) {
        this.#wait(present);
        return { ok: true };
      }
      await this.#drop(present);
      return failure("bad_request", `${wrong} Nothing was imported.`);
    } catch (error) {
      await this.#drop(present);
      return failure("unavailable", storageTrouble(error));
    }
  }

  async end(id: string): Promise<({ readonly ok: true } & Merged) | Failure> {
    const present = this.#of(id);
    if (!present) return noImport;
    const { account, history, path, thread } = present;
    present.ending = true;
    present.timer?.dispose();
    try {
      const wrong = present.number === firstLine ? cutOff : await thread.run("staged", {});
      if (wrong !== undefined) return failure("bad_request", `${wrong} Nothing was imported.`);
      const merged = await this.#options.account.rework(
        ({ file }) => this.#options.aside(file.path, "merge", { owner: file.owner, source: path }),
        ({ file }) => (file.path === history ? undefined : failure("denied", anotherIsOpen(account))),
      );
      return "code" in merged ? merged : { ok: true, ...merged };
    } catch (error) {
      return failure("unavailable", storageTrouble(error));
    } finally {
      await this.#drop(present);
    }
  }

  async dispose(): Promise<void> {
    if (this.#present) await this.#drop(this.#present);
  }

  #of(id: string): Import | undefined {
    return this.#present?.id === id && !this.#present.ending ? this.#present : undefined;
  }

  #wait(present: Import): void {
    present.timer?.dispose();
    present.timer = this.#options.clock.setTimer(patienceMs, () => void this.#drop(present));
  }

  async #drop(present: Import): Promise<void> {
    present.timer?.dispose();
    if (this.#present === present) this.#present = undefined;
    await present.thread.dispose();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(present.path + suffix, { force: true });
  }

  /** Whether the file is from this account: compares the servers' keys, or their addresses if one has no key. */
  #isOf({ account: { user, server, serverKey } }: ArchiveHeader, account: Account): boolean {
    if (keyOfName(user) !== keyOfName(account.user)) return false;
    const key = this.#options.keyOf(account.server);
    return key === undefined || serverKey === undefined ? server === account.server : key === serverKey;
  }
}

const noImport = failure("bad_request", "There is no such import. Begin it anew.");

function anotherIsOpen({ user, server }: Account): string {
  return `Another account was signed in meanwhile. Nothing was imported. Sign in as ${user} at ${server} and import it again.`;
}

function othersFile({ account }: ArchiveHeader, { user, server }: Account): string {
  return (
    `This is the history of ${account.user} at ${account.server}, and you are ${user} at ${server}. ` +
    "Sign in as that account, or say --as to make it a part of this one."
  );
}
