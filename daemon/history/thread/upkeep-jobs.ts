// The upkeep jobs of a history file, which run while the daemon uses it. Each runs in steps of a few milliseconds, one
// transaction per step, so that the daemon never waits long to write; an interrupted job continues where it was.

import type { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { transact } from "../../../base/sqlite.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { Purges } from "../upkeep/purges.ts";
import { Removal } from "../upkeep/removal-steps.ts";
import { SearchIndex } from "../search/search-index.ts";
import { Statements } from "../statements.ts";
import { noteChecked } from "../upkeep/upkeep-state.ts";

/** Letters that one step adds to the index: about 10 ms. */
const lettersPerStep = 15_000;
/** The pause between two steps, in addition to the duration of the step: the daemon gets half of the time. */
const minPauseMs = 5;

export class Upkeep {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #index: SearchIndex;
  readonly #removal: Removal;

  constructor(database: DatabaseSync) {
    // A power cut may undo a commit; the job is then repeated, because its state is in the same file.
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

  /** Checks the whole file; this thread does nothing else for the seconds that it takes. */
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

  /**
   * Removes deleted text from all segments of the index and from the log (WAL), and returns free pages to the file system.
   */
  async #tidy(): Promise<void> {
    await this.#inSteps(() => this.#index.mergeStep());
    await this.#inSteps(() => this.#removal.giveBackStep());
    this.checkpoint();
  }

  /**
   * Runs steps with pauses.
   * @param step one transaction; returns whether there is more to do
   * @returns how many steps ran; 1: there was nothing to do
   */
  async #inSteps(step: () => boolean): Promise<number> {
    for (let steps = 1; ; steps += 1) {
      const startMs = performance.now();
      if (!transact(this.#database, step)) return steps;
      await pause(minPauseMs + performance.now() - startMs);
    }
  }
}
