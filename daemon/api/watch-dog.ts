// Ends one editor session when its client is done or dead. The language server library has one process for one client in
// mind and would end the process; this daemon serves many. That a client is dead is seen by the end of its socket; our own
// views name no process. One that a client does name is watched only where it can be seen to live: a container has numbers
// of its own, which mean nothing here.

import type { InitializeParams, WatchDog } from "vscode-languageserver";
import type { Clock, Timer } from "../../base/clock.ts";

const pollMs = 3_000;

export class SessionWatchDog implements WatchDog {
  shutdownReceived = false;
  readonly #clock: Clock;
  readonly #end: () => void;
  #timer: Timer | undefined;

  /** @param end ends the session; may be called more than once */
  constructor(clock: Clock, end: () => void) {
    this.#clock = clock;
    this.#end = end;
  }

  initialize(params: Pick<InitializeParams, "processId">): void {
    const { processId } = params;
    if (typeof processId === "number" && isAlive(processId)) this.#watch(processId);
  }

  exit(): void {
    this.#end();
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #watch(processId: number): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.setTimer(pollMs, () => {
      if (isAlive(processId)) this.#watch(processId);
      else this.#end();
    });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
