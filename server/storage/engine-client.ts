// The main thread's side of the storage: collects the operations of one turn of the event loop, sends them to the engine,
// and calls back with their results, later and in order. Nothing here waits for a disk.

import type { Clock, Log } from "../core/ports.ts";
import type { Changes, Figures, Operation, OperationName, Parameter, Reply, Request, Result } from "./operations.ts";

/** Carries requests to the engine. Its replies come to `StorageClient.receive`, never before `post` has returned. */
export interface Transport {
  post(request: Request): void;
}

export interface ClientOptions {
  readonly transport: Transport;
  /** Calls `work` once, later. Operations that are posted until then are sent together. */
  readonly schedule: (work: () => void) => void;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly log: Log;
  /** Receives the duration of each transaction. */
  readonly committed?: ((ms: number) => void) | undefined;
}

/** For stores that keep something in memory: receives changes that they did not ask for. */
export type ChangeListener = (changes: Changes) => void;

type Done = (result: unknown) => void;

/** Without an answer for this long, the storage counts as broken. */
const answerMs = 5_000;

export class StorageClient {
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, Done>();
  readonly #listeners: ChangeListener[] = [];
  #ids: number[] = [];
  #operations: Operation[] = [];
  #lastId = 0;
  #pingedMs: number | undefined;
  #lost = false;
  figures: Figures;

  constructor(options: ClientOptions, figures: Figures) {
    this.#options = options;
    this.figures = figures;
  }

  /** Whether it answers, the last write succeeded, and there is room for more. */
  get works(): boolean {
    if (this.#lost || this.figures.failing) return false;
    return this.#pingedMs === undefined || this.#options.clock.monotonicMs() - this.#pingedMs < answerMs;
  }

  /** The listener is called after the results that came with the changes. */
  listen(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** @param done called once, later; the results of one account come in the order of the calls */
  post<N extends OperationName>(name: N, parameters: Parameter<N>, done?: (result: Result<N>) => void): void {
    if (this.#ids.length === 0) this.#options.schedule(() => this.sendNow());
    let id = 0;
    if (done) {
      this.#lastId += 1;
      id = this.#lastId;
      // The engine answers an operation with the type that `Operations` declares.
      this.#waiting.set(id, done as Done);
    }
    this.#ids.push(id);
    this.#operations.push([name, ...parameters] as unknown as Operation);
  }

  ask<N extends OperationName>(name: N, ...parameters: Parameter<N>): Promise<Result<N>> {
    return new Promise((resolve) => this.post(name, parameters, resolve));
  }

  /** Checks whether the engine answers; call it every few seconds. */
  ping(): void {
    if (this.#pingedMs !== undefined) return;
    this.#pingedMs = this.#options.clock.monotonicMs();
    this.post("ping", [], () => (this.#pingedMs = undefined));
  }

  receive(reply: Reply): void {
    const { log, committed } = this.#options;
    this.figures = reply.figures;
    for (const [level, event, fields] of reply.log) log[level](event, fields);
    for (const ms of reply.commitsMs) committed?.(ms);
    for (const [index, id] of reply.ids.entries()) this.#settle(id, reply.results[index]);
    for (const listener of this.#listeners) listener(reply.changes);
  }

  /** Sends the collected operations without waiting for the end of the turn. */
  sendNow(): void {
    if (this.#ids.length > 0) this.#send();
  }

  /** The engine is gone: everything that is pending, or is asked from now on, fails. */
  lose(): void {
    this.#lost = true;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, "failed");
  }

  #send(): void {
    const [ids, operations] = [this.#ids, this.#operations];
    this.#ids = [];
    this.#operations = [];
    if (!this.#lost) {
      try {
        this.#options.transport.post({ ids, operations });
        return;
      } catch (error) {
        // Something in them cannot be copied: a bug of the caller.
        this.#options.log.error("operation_failed", { error: String(error) });
      }
    }
    for (const id of ids) this.#settle(id, "failed");
  }

  /** A callback that throws must not keep the others from running. */
  #settle(id: number, result: unknown): void {
    const done = this.#waiting.get(id);
    this.#waiting.delete(id);
    try {
      done?.(result);
    } catch (error) {
      this.#options.log.error("commit_unheard", { error: error instanceof Error ? error.stack : String(error) });
    }
  }
}
