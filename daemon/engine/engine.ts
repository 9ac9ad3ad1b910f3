// Runs the core: gives it what happened, commits what it wants stored, then performs its effects. What the server pushes
// during one turn of the event loop becomes one step and one transaction; a view's command is a step of its own. A step
// whose commit fails never happened: nothing is acknowledged, the command is refused, the state stays.

import type { Clock, Timer } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { failure } from "../../protocol/errors.ts";
import type { Account } from "../../protocol/api/model.ts";
import type { CommandOutcome, Effect, Step } from "../core/effects.ts";
import type { Command, IncomingMessage, Input, CoreEvent } from "../core/inputs.ts";
import { dueAtMs } from "../core/outbox.ts";
import type { HistoryQueries, LoadedHistory } from "../core/ports.ts";
import { reduce } from "../core/reduce.ts";
import { initialState, waysOf } from "../core/state.ts";
import type { State } from "../core/state.ts";
import type { History } from "../history/history.ts";
import { storageTrouble } from "../history/open/storage-errors.ts";

/** What performs the effects. `acknowledge` is the runner's own. */
export type EffectHandlers = {
  readonly [K in Exclude<Effect["kind"], "acknowledge">]: (effect: Extract<Effect, { kind: K }>) => void;
};

export interface EngineOptions {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly performers: EffectHandlers;
  /** After each step that happened, when its effects were performed. */
  onStep?(before: State, after: State): void;
  /** A step did not happen, because its commit failed or by a bug: what came from the server must come again. */
  onStepFailure(error: unknown): void;
}

export class Engine {
  readonly #options: EngineOptions;
  #state: State = initialState;
  #history: History | undefined;
  #queue: CoreEvent[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  readonly #receipts = new Map<number, () => void>();
  #nextReceipt = 1;
  #wake: Timer | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get state(): State {
    return this.#state;
  }

  get history(): History | undefined {
    return this.#history;
  }

  /**
   * From now on that account's history is the one that is written; the one before is closed.
   * @param loaded what the history says; asked of it before anything changes
   * @throws where it cannot be read; then nothing has changed
   */
  open(account: Account, history: History, loaded: LoadedHistory = history.load()): void {
    this.flush();
    this.closeHistory();
    this.#history = history;
    this.#step([{ kind: "opened", account, loaded }]);
  }

  /** Closes the file. What cannot be stored any more, such as a draft on a full disk, is lost and no reason to stay. */
  closeHistory(): void {
    try {
      this.#history?.dispose();
    } catch (error) {
      this.#options.log.error("history not closed well", { error: String(error) });
    }
  }

  /** A message of the server; `acknowledge` is called when it is on disk, or was before. */
  receive(message: IncomingMessage, acknowledge: () => void): void {
    const receipt = this.#nextReceipt++;
    this.#receipts.set(receipt, acknowledge);
    this.dispatch({ kind: "message", message, receipt });
  }

  /** As `receive`: what became of a message of this person. */
  outcome(outcome: Omit<Extract<CoreEvent, { kind: "outcome" }>, "kind" | "receipt">, acknowledge: () => void): void {
    const receipt = this.#nextReceipt++;
    this.#receipts.set(receipt, acknowledge);
    this.dispatch({ kind: "outcome", ...outcome, receipt });
  }

  /** Becomes part of the next step, in order. */
  dispatch(occurrence: CoreEvent): void {
    this.#queue.push(occurrence);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Done at once, after everything that happened before. */
  execute(command: Command | CoreEvent): CommandOutcome {
    this.flush();
    return this.#step([command]);
  }

  flush(): void {
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (this.#queue.length === 0) return;
    const inputs = this.#queue.splice(0);
    this.#step(inputs);
    for (const input of inputs) if ("receipt" in input) this.#receipts.delete(input.receipt);
  }

  #step(inputs: readonly Input[]): CommandOutcome {
    const { clock, random } = this.#options;
    const around = {
      nowMs: clock.nowMs(),
      monotonicMs: clock.monotonicMs(),
      random: random(),
      history: this.#history?.isOpen === true ? this.#history : noHistory,
    };
    let step: Step;
    try {
      step = reduce(this.#state, inputs, around);
      // It is being worked on, and back in a moment: whatever was to be stored did not happen.
      if (this.#history?.isOpen === false && step.writes.length > 0) return failure("busy");
      this.#history?.commit(step.writes);
    } catch (error) {
      this.#options.onStepFailure(error);
      return failure("unavailable", storageTrouble(error));
    }
    const before = this.#state;
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#setWake();
    this.#options.onStep?.(before, step.state);
    return step.outcome;
  }

  #perform(effect: Effect): void {
    if (effect.kind === "acknowledge") {
      this.#receipts.get(effect.receipt)?.();
      return;
    }
    const perform = this.#options.performers[effect.kind] as (effect: Effect) => void;
    try {
      perform(effect);
    } catch (error) {
      this.#options.log.error("effect failed", { effect: effect.kind, error: String(error) });
    }
  }

  #setWake(): void {
    this.#wake?.dispose();
    const due = dueAtMs(this.#state.outbox, waysOf(this.#state));
    if (due === undefined) return;
    const delayMs = Math.max(0, due - this.#options.clock.monotonicMs());
    this.#wake = this.#options.clock.setTimer(delayMs, () => this.dispatch({ kind: "wake" }));
  }
}

const noHistory: HistoryQueries = {
  isKnown: () => false,
  messageOf: () => undefined,
  messageNamed: () => undefined,
  repliesTo: () => [],
  pendingEvents: () => [],
  queuedAtServer: () => [],
  ownEvent: () => undefined,
  ownReactionBeside: () => undefined,
  message: () => undefined,
  ownMessage: () => undefined,
  ownUnreadThrough: () => [],
  hasOther: () => false,
  countReceivedAfter: () => 0,
  newestReceived: () => undefined,
};
