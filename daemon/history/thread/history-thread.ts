// The daemon's side of a thread that works on a history file. The thread starts when it is first needed and ends after a
// while without jobs, so that an idle daemon stays small. Every job gets one answer; if the thread ends first, it is a
// refusal.

import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "../../../base/clock.ts";
import { createGivenUp, givenUpAt } from "./jobs.ts";
import type { AnswerOf, Answered, Asked, JobKind, ParamsOf, ThreadData } from "./jobs.ts";

export interface ThreadOptions {
  /** The script that runs in a thread: the program of the daemon. */
  readonly script: string;
  /** The path of the database. */
  readonly path: string;
  readonly clock: Clock;
  /** How long the thread stays without a job, in milliseconds. Default 30,000. */
  readonly staysMs?: number;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const idleMs = 30_000;
const gone = "The thread that works on the history has ended. Try again.";

export class HistoryThread {
  readonly #options: ThreadOptions;
  readonly #givenUp = createGivenUp();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: Timer | undefined;
  #nextId = 1;
  #disposed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Starts a job. @returns its id, for cancelling; and its answer, which may reject with an error of SQLite */
  ask<Kind extends JobKind>(kind: Kind, params: ParamsOf<Kind>): { id: number; answer: Promise<AnswerOf<Kind>> } {
    const id = this.#nextId++;
    if (this.#disposed) return { id, answer: Promise.reject(new Error(gone)) };
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#idle?.dispose();
    this.#worker ??= this.#start();
    const asked: Asked = { id, kind, params };
    this.#worker.ref();
    this.#worker.postMessage(asked);
    return { id, answer: answer as Promise<AnswerOf<Kind>> };
  }

  async run<Kind extends JobKind>(kind: Kind, params: ParamsOf<Kind>): Promise<AnswerOf<Kind>> {
    return await this.ask(kind, params).answer;
  }

  /** Cancels a job: it ends early, or never begins. It still gets an answer. */
  giveUp(id: number): void {
    Atomics.store(this.#givenUp, givenUpAt(id), id);
  }

  /** Terminates the thread, also during a job; uncommitted work is discarded. Idempotent. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#end();
  }

  #start(): Worker {
    const workerData: ThreadData = { path: this.#options.path, givenUp: this.#givenUp };
    const worker = new Worker(this.#options.script, { workerData });
    worker.on("message", (answered: Answered) => this.#answered(answered));
    worker.on("error", (error) => this.#lost(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#lost(worker, new Error(gone)));
    return worker;
  }

  #answered(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    if (this.#waiting.size === 0) {
      // Without a job, the thread must not keep the daemon running.
      this.#worker?.unref();
      this.#idle?.dispose();
      this.#idle = this.#options.clock.setTimer(this.#options.staysMs ?? idleMs, () => void this.#end());
    }
    if (answered.ok) waiting?.resolve(answered.answer);
    else waiting?.reject(Object.assign(new Error(answered.message), { errcode: answered.errcode }));
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#idle?.dispose();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#lost(worker, new Error(gone));
    await worker.terminate();
  }
}
