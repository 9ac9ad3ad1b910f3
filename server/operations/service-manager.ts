// What systemd is told of a service of `Type=notify` (sd_notify(3)): that it is ready, that it stops, and at regular times that
// its event loop turns, so that one that hangs is started again. Node.js has no datagram sockets of the Unix kind, so the
// program `systemd-notify` says it, which the unit allows with NotifyAccess=all. Without NOTIFY_SOCKET nothing is said.

import { spawn } from "node:child_process";
import type { Clock, Timer } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Environment } from "../../base/home/home.ts";
import type { Log } from "../../base/log.ts";

const program = "systemd-notify";
/** Twice within the time after which systemd takes the service for dead, and once more for luck. */
const pingsPerTimeout = 3;

export class ServiceManager implements Disposable {
  readonly #env: Environment;
  readonly #clock: Clock;
  readonly #log: Log;
  #ping: Timer | undefined;
  #pinging = false;
  #failed = false;

  constructor(env: Environment, clock: Clock, log: Log) {
    this.#env = env;
    this.#clock = clock;
    this.#log = log;
  }

  /** Serves from now on; begins with the signs of life. */
  ready(): void {
    this.#tell("READY=1");
    const everyMs = watchdogMs(this.#env, process.pid);
    if (everyMs !== undefined) this.#pingAfter(everyMs / pingsPerTimeout);
  }

  stopping(): void {
    this.#tell("STOPPING=1");
  }

  /** No more signs of life. Idempotent. */
  dispose(): void {
    this.#ping?.dispose();
  }

  #pingAfter(ms: number): void {
    this.#ping = this.#clock.setTimer(ms, () => {
      if (!this.#pinging) {
        this.#pinging = true;
        this.#tell("WATCHDOG=1", () => (this.#pinging = false));
      }
      this.#pingAfter(ms);
    });
  }

  #tell(state: string, done: () => void = () => undefined): void {
    if (this.#env["NOTIFY_SOCKET"] === undefined) return;
    const child = spawn(program, [state], { stdio: "ignore", env: { ...this.#env } });
    child.once("error", (error) => this.#complain(state, error.message));
    child.once("exit", (code) => {
      if (code !== 0) this.#complain(state, `${program} ended with ${String(code)}`);
    });
    child.once("close", done);
    child.unref();
  }

  /** Once: a service manager that does not hear anything acts by itself. */
  #complain(state: string, error: string): void {
    if (!this.#failed) this.#log.error("notify_failed", { state, error });
    this.#failed = true;
  }
}

/** @returns how often a sign of life is due at least; undefined if nobody waits for one of this process */
function watchdogMs(env: Environment, pid: number): number | undefined {
  const [microseconds, whose] = [Number(env["WATCHDOG_USEC"]), env["WATCHDOG_PID"]];
  if (!(microseconds > 0) || (whose !== undefined && whose !== String(pid))) return undefined;
  return microseconds / 1_000;
}
