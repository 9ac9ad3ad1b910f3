// The jobs that look after a history file while the daemon works on it. Each goes in steps of a few milliseconds, one
// transaction a step, so that the daemon never waits long for its turn to write; what is interrupted goes on where it was.

import type { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { transact } from "../../../base/sqlite.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { Purges } from "../upkeep/purges.ts";
import { Removal } from "../upkeep/removal-steps.ts";
import { SearchIndex } from "../search/search-index.ts";
import { Statements } from "../statements.ts";
import { noteChecked } from "../upkeep/upkeep-state.ts";

/** Letters that one step of the index takes in: about 10 ms. */
const lettersPerStep = 15_000;
/** Between two steps, beside the time that a step took: half of the time is the daemon's. */
const leastPauseMs = 5;

export class Upkeep {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #index: SearchIndex;
  readonly #removal: Removal;

  constructor(database: DatabaseSync) {
    // A commit that a power cut takes back is done again: what is to be done is in the same file.
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    database.exec("PRAGMA secure_delete = ON; PRAGMA cache_size = -8000");
    this.#database = database;
    this.#statements = new Statements(database);
    this.#index = new SearchIndex(this.#statements);
    this.#removal = new Removal(this.#statements, this.#index);
  }

  async index(): Promise<undefined> {
    await this.#inSteps(() => this.#index.takeIn(lettersPerStep));
    return undefined;
  }

  /** Reads the whole file: this takes seconds, in which this thread does nothing else. */
  check(nowMs: number): string | undefined {
    const found = this.#database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (found !== "ok") return String(found);
    transact(this.#database, () => noteChecked(this.#statements, nowMs));
    return undefined;
  }

  async purge(): Promise<ConversationId[]> {
    const done: ConversationId[] = [];
    const purges = new Purges(this.#statements);
    for (const conversation of purges.pending().keys()) {
      await this.#inSteps(() => this.#removal.purgeStep(conversation));
      done.push(conversation);
    }
    await this.#tidy();
    return done;
  }

  async trim(beforeMs: number): Promise<ConversationId[]> {
    const changed: ConversationId[] = [];
    for (const conversation of this.#removal.conversations()) {
      const steps = await this.#inSteps(() => this.#removal.trimStep(conversation, beforeMs));
      if (steps > 1) changed.push(conversation);
    }
    await this.#inSteps(() => this.#removal.trimChangesStep(beforeMs));
    if (changed.length > 0) await this.#tidy();
    return changed;
  }

  checkpoint(): undefined {
    this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    return undefined;
  }

  /** What was taken out is in no segment of the index any more, nor in the log beside the file; its room is given back. */
  async #tidy(): Promise<void> {
    await this.#inSteps(() => this.#index.mergeStep());
    await this.#inSteps(() => this.#removal.giveBackStep());
    this.checkpoint();
  }

  /** @param step one transaction; whether there is more to do @returns how many there were; 1: there was nothing to do */
  async #inSteps(step: () => boolean): Promise<number> {
    for (let steps = 1; ; steps += 1) {
      const startMs = performance.now();
      if (!transact(this.#database, step)) return steps;
      await pause(leastPauseMs + performance.now() - startMs);
    }
  }
}
