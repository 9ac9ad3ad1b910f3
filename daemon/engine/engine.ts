// Runs the core: passes it what happened, commits its writes, then performs its effects. Everything that the server pushes
// during one turn of the event loop becomes one step and one transaction; a view's command is a separate step. A step whose
// commit fails has no result: nothing is acknowledged, the command is refused, the state stays.

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

/** The functions that perform the effects. The engine itself handles `acknowledge`. */
export type EffectHandlers = {
  readonly [K in Exclude<Effect["kind"], "acknowledge">]: (effect: Extract<Effect, { kind: K }>) => void;
};

export interface EngineOptions {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly performers: EffectHandlers;
  /** Called after each successful step, when its effects have been performed. */
  onStep?(before: State, after: State): void;
  /** A step failed, because of its commit or a bug: the server must push its messages again. */
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
   * Switches to that account's history; the previous one is closed.
   * @param loaded the contents of the history, read before anything changes
   * @throws if it cannot be read; then nothing has changed
   */
  open(account: Account, history: History, loaded: LoadedHistory = history.load()): void {
    this.flush();
    this.closeHistory();
    this.#history = history;
    this.#step([{ kind: "opened", account, loaded }]);
  }

  /**
   * Closes the file. What can no longer be stored, such as a draft on a full disk, is lost; the daemon ends all the same.
   */
  closeHistory(): void {
    try {
      this.#history?.dispose();
    } catch (error) {
      this.#options.log.error("history not closed well", { error: String(error) });
    }
  }

  /** Receives a message from the server; `acknowledge` is called once it is on disk, also if it was there before. */
  receive(message: IncomingMessage, acknowledge: () => void): void {
    const receipt = this.#nextReceipt++;
    this.#receipts.set(receipt, acknowledge);
    this.dispatch({ kind: "message", message, receipt });
  }

  /** As `receive`, for the delivery outcome of a message of this person. */
  outcome(outcome: Omit<Extract<CoreEvent, { kind: "outcome" }>, "kind" | "receipt">, acknowledge: () => void): void {
    const receipt = this.#nextReceipt++;
    this.#receipts.set(receipt, acknowledge);
    this.dispatch({ kind: "outcome", ...outcome, receipt });
  }

  /** Adds an event to the next step, in order. */
  dispatch(occurrence: CoreEvent): void {
    this.#queue.push(occurrence);
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Runs a command at once, after everything that was dispatched before it. */
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
      // The history is closed while it is being worked on, and reopens shortly: nothing of this step was stored.
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
    // Nothing is sent while the history is closed; opening it is a step.
    if (this.#history?.isOpen !== true) return;
    const due = dueAtMs(this.#state.outbox, waysOf(this.#state));
    if (due === undefined) return;
    const delayMs = Math.max(0, due - this.#options.clock.monotonicMs());
    this.#wake = this.#options.clock.setTimer(delayMs, () => this.dispatch({ kind: "wake" }));
  }
}

const noHistory: HistoryQueries = {
  isOpen: false,
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
