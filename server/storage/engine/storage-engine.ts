// The server's database, as plain synchronous code on one connection: executes the operations of `operations.ts`, several
// per transaction so that one fsync serves all of them [P-5.2]. Knows no thread, timer or socket; host.ts decides when
// something is tried, and tried again.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../../base/sqlite.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { NameRules } from "../name-rules.ts";
import { operationKinds } from "../operations.ts";
import type { Loaded, Operation, OperationName, Operations, Parameter } from "../operations.ts";
import { AccountTable } from "./accounts.ts";
import { DeviceTable } from "./devices.ts";
import { isBusy, isOwnFault } from "./failure.ts";
import { InviteTable } from "./invites.ts";
import { LetterTable } from "./letters.ts";
import { settleNames } from "./names.ts";
import { OutcomeTable } from "./outcomes.ts";
import { Notes } from "./part.ts";
import type { EngineParts } from "./part.ts";
import { ServerState } from "./server-state.ts";
import { TokenTable } from "./tokens.ts";
import { settleLetters, settleTokens } from "./unsettled.ts";

export interface EngineOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly names: NameRules;
  /** True for a server; false for a command that works on the file for a moment. */
  readonly serves: boolean;
  /** False: the file system is nearly full. Asked for every message. */
  readonly hasRoom: () => boolean;
}

/** How a transaction ended. */
export type Attempt =
  | { readonly kind: "written"; readonly results: readonly unknown[] }
  /** Another program holds the lock. */
  | { readonly kind: "busy" }
  /** The disk failed: any other operation would have failed as well. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** That operation threw; the others may succeed without it. */
  | { readonly kind: "faulty"; readonly index: number; readonly error: unknown };

/** Entries dropped per transaction. */
const expireBatch = 500;
/** Rows per piece when memory is filled. */
const loadBatch = 1_000;

export class Engine {
  readonly notes = new Notes();
  readonly letters: LetterTable;
  readonly #database: DatabaseSync;
  readonly #state: ServerState;
  readonly #accounts: AccountTable;
  readonly #outcomes: OutcomeTable;
  readonly #tokens: TokenTable;
  readonly #devices: DeviceTable;
  readonly #invites: InviteTable;
  readonly #serves: boolean;
  readonly #operations: { readonly [N in OperationName]: (...parameters: Parameter<N>) => ReturnType<Operations[N]> };

  /**
   * @param database open, of the newest version; closed by its owner
   * @throws the error of SQLite
   */
  constructor(database: DatabaseSync, { clock, log, names, serves, hasRoom }: EngineOptions) {
    this.#database = database;
    this.#serves = serves;
    this.#state = new ServerState(database, clock);
    const { time } = this.#state;
    settleNames(database, names, log);
    settleLetters(database, time.nowMs());
    settleTokens(database, time.nowMs());
    const parts: EngineParts = { database, clock, time, notes: this.notes };
    this.#outcomes = new OutcomeTable(parts);
    this.letters = new LetterTable(parts, this.#outcomes, hasRoom);
    this.#invites = new InviteTable(parts);
    this.#tokens = new TokenTable(parts);
    this.#devices = new DeviceTable(parts);
    this.#accounts = new AccountTable(parts, names, {
      letters: this.letters,
      outcomes: this.#outcomes,
      invites: this.#invites,
    });
    this.#operations = this.#list();
  }

  /** What the server answers from memory, in pieces. */
  *load(): Generator<Exclude<Loaded, { readonly kind: "state" }>> {
    for (const accounts of inPieces(this.#accounts.all())) yield { kind: "accounts", accounts };
    for (const blocks of inPieces(this.#accounts.blocks())) yield { kind: "blocks", blocks };
    for (const tokens of inPieces(this.#tokens.all(this.#state.justStopped))) yield { kind: "tokens", tokens };
    for (const devices of inPieces(this.#devices.all())) yield { kind: "devices", devices };
    for (const accounts of inPieces(this.letters.holders())) yield { kind: "holders", accounts };
  }

  /** Sessions were present shortly before this start. */
  get justStopped(): boolean {
    return this.#state.justStopped;
  }

  get runningMs(): number {
    return this.#state.time.nowMs();
  }

  get secret(): Uint8Array {
    return this.#state.secret;
  }

  /** Runs all of them in one transaction; `notes` says what else happened, until the next attempt. */
  attempt(operations: readonly Operation[]): Attempt {
    this.notes.clear();
    // The operation that is being executed; undefined before the first, and after the last.
    const progress: { index: number | undefined } = { index: undefined };
    try {
      const results = transact(this.#database, () => {
        const done = operations.map((operation, index) => {
          progress.index = index;
          return this.#execute(operation);
        });
        progress.index = undefined;
        this.#state.keepBeside();
        return done;
      });
      this.#state.committed();
      this.letters.sizes.committed();
      return { kind: "written", results };
    } catch (error) {
      this.notes.clear();
      for (const part of [this.#state, this.letters.sizes, this.#outcomes]) part.rolledBack();
      if (isBusy(error)) return { kind: "busy" };
      const { index } = progress;
      return index !== undefined && isOwnFault(error) ? { kind: "faulty", index, error } : { kind: "failed", error };
    }
  }

  /** Runs one that changes nothing, outside a transaction. @throws the error of SQLite */
  read(operation: Operation): unknown {
    return this.#execute(operation);
  }

  /** Whether something can be written: tries a write that changes nothing. */
  probe(): boolean {
    try {
      const version = Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
      transact(this.#database, () => this.#database.exec(`PRAGMA user_version = ${version}`));
      return true;
    } catch {
      return false;
    }
  }

  /** Call it before the database is closed. */
  finish(): void {
    if (!this.#serves) return;
    transact(this.#database, () => {
      this.#state.keepAlone(this.#tokens.anyLive);
      this.#state.write();
    });
  }

  /** A read that fails does not make others fail. */
  #execute(operation: Operation): unknown {
    const [name, ...parameters] = operation;
    const run: (...parameters: never[]) => unknown = this.#operations[name];
    if (operationKinds[name] !== "read" || !this.#database.isTransaction) return run(...(parameters as never[]));
    try {
      return run(...(parameters as never[]));
    } catch {
      return "failed";
    }
  }

  #list(): Operations {
    const [accounts, letters, outcomes] = [this.#accounts, this.letters, this.#outcomes];
    const [tokens, devices, invites] = [this.#tokens, this.#devices, this.#invites];
    return {
      append: (account, letter) => letters.append(account, letter),
      read: (account, afterSeq, bounds) => letters.read(account, afterSeq, bounds),
      holds: (account, sender, mid) => letters.holds(account, sender, mid),
      remove: (account, seq) => letters.remove(account, seq),
      readOutcomes: (account, afterSeq, count) => outcomes.read(account, afterSeq, count),
      removeOutcomes: (account, uptoSeq) => outcomes.remove(account, uptoSeq),
      createAccount: (account, origin, invite) => accounts.create(account, origin, invite),
      rehash: (account, before, password) => accounts.rehash(account, before, password),
      changePassword: (account, password) => accounts.changePassword(account, password),
      removeAccount: (account) => accounts.remove(account),
      block: (owner, target) => accounts.block(owner, target),
      unblock: (owner, target) => accounts.unblock(owner, target),
      issueToken: (hash, grant, password) => tokens.issue(hash, grant, password),
      renewToken: (hash, grant) => tokens.renew(hash, grant),
      touchToken: (hash) => tokens.touch(hash),
      revokeToken: (hash) => tokens.revoke(hash),
      present: (hash, presence) => tokens.present(hash, presence),
      rememberDevice: (account, key) => devices.remember(account, key),
      isInvited: (invite) => invites.isUsable(invite),
      createInvite: (uses, lifeMs) => invites.create(uses, lifeMs),
      createMemberInvite: (account, uses, lifeMs, bounds) => invites.createBy(account, uses, lifeMs, bounds),
      listInvites: () => invites.list(),
      revokeInvite: (name) => invites.revoke(name),
      note: (entry) => void this.notes.audit.push(entry),
      flush: () => undefined,
      ping: () => undefined,
      allAway: () => tokens.allAway(),
      keepTime: () => this.#state.keepAlone(tokens.anyLive),
      expire: () => this.#expire(),
    };
  }

  #expire(): boolean {
    const dropped = {
      letters: this.letters.expire(expireBatch),
      outcomes: this.#outcomes.expire(expireBatch),
      tokens: this.#tokens.expire(expireBatch),
      invites: this.#invites.expire(),
    };
    for (const [what, count] of Object.entries(dropped)) if (count > 0) this.notes.expired.set(what, count);
    return [dropped.letters, dropped.outcomes, dropped.tokens].some((count) => count === expireBatch);
  }
}

function* inPieces<T>(items: Iterable<T>): Generator<T[]> {
  let piece: T[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < loadBatch) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
