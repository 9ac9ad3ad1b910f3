// Reports to systemd for a service of `Type=notify` (sd_notify(3)): that it is ready, that it stops, and regularly that its
// event loop runs, so that systemd restarts a server that hangs. Node.js has no datagram sockets of the Unix kind, so the
// program `systemd-notify` sends the reports, which the unit allows with NotifyAccess=all. Without NOTIFY_SOCKET nothing is
// sent.

import { spawn } from "node:child_process";
import type { Clock, Timer } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Environment } from "../../base/home/home.ts";
import type { Log } from "../../base/log.ts";

const program = "systemd-notify";
/** Twice within the time after which systemd considers the service dead, and once more to be safe. */
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

  /** Reports that the server serves, and starts the heartbeat. */
  ready(): void {
    this.#notify("READY=1");
    const everyMs = watchdogMs(this.#env, process.pid);
    if (everyMs !== undefined) this.#pingAfter(everyMs / pingsPerTimeout);
  }

  stopping(): void {
    this.#notify("STOPPING=1");
  }

  /** Stops the heartbeat. Idempotent. */
  dispose(): void {
    this.#ping?.dispose();
  }

  #pingAfter(ms: number): void {
    this.#ping = this.#clock.setTimer(ms, () => {
      if (!this.#pinging) {
        this.#pinging = true;
        this.#notify("WATCHDOG=1", () => (this.#pinging = false));
      }
      this.#pingAfter(ms);
    });
  }

  #notify(state: string, done: () => void = () => undefined): void {
    if (this.#env["NOTIFY_SOCKET"] === undefined) return;
    const child = spawn(program, [state], { stdio: "ignore", env: { ...this.#env } });
    child.once("error", (error) => this.#logFailure(state, error.message));
    child.once("exit", (code) => {
      if (code !== 0) this.#logFailure(state, `${program} ended with ${String(code)}`);
    });
    child.once("close", done);
    child.unref();
  }

  /** Logs the first failure only: a service manager that hears nothing acts by itself. */
  #logFailure(state: string, error: string): void {
    if (!this.#failed) this.#log.error("notify_failed", { state, error });
    this.#failed = true;
  }
}

/** @returns the longest time between heartbeats; undefined if nobody waits for those of this process */
function watchdogMs(env: Environment, pid: number): number | undefined {
  const [microseconds, whose] = [Number(env["WATCHDOG_USEC"]), env["WATCHDOG_PID"]];
  if (!(microseconds > 0) || (whose !== undefined && whose !== String(pid))) return undefined;
  return microseconds / 1_000;
}
