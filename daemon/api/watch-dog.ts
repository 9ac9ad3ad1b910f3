// Ends one view session when its client has finished or died. The language server library assumes one process per client and
// would end the process; this daemon serves many clients. The end of the socket shows that a client has died; our own views
// report no process id. If a client does report one, it is watched only if that process can be seen to run: a container has
// its own process ids, which mean nothing here.

import type { InitializeParams, WatchDog } from "vscode-languageserver";
import type { Clock, Timer } from "../../base/clock.ts";

const pollMs = 3_000;

export class SessionWatchDog implements WatchDog {
  shutdownReceived = false;
  readonly #clock: Clock;
  readonly #end: () => void;
  #timer: Timer | undefined;

  /** Creates the watch dog of one session. @param end ends the session; may be called more than once */
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
    // EPERM: the process runs, and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
