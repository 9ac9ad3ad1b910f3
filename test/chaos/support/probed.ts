// A process with the probe in it: the environment to start it with, and measurements while it runs.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";

export interface Measured {
  readonly rssBytes: number;
  readonly fds: number;
  readonly nowMs: number;
}

export class Probe {
  readonly #folder = mkdtempSync(join(tmpdir(), "chat-room-probe-"));
  #asked = 0;

  /** Added to the environment of the process. */
  get env(): Readonly<Record<string, string>> {
    const probe = new URL("./probe.ts", import.meta.url).href;
    return {
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${probe}`.trim(),
      CHAT_ROOM_CHAOS_PROBE: this.#folder,
    };
  }

  /** Returns its resources after a garbage collection. */
  async measure(pid: number | undefined): Promise<Measured> {
    if (pid === undefined) throw new Error("the process did not start");
    this.#asked += 1;
    const file = join(this.#folder, `probe-${this.#asked}`);
    process.kill(pid, "SIGUSR2");
    await until("the process answered the probe", () => existsSync(file));
    return JSON.parse(readFileSync(file, "utf8")) as Measured;
  }

  /** Shifts its wall clock this far from the true time. */
  async shiftClock(pid: number | undefined, shiftMs: number): Promise<void> {
    this.startShifted(shiftMs);
    const { nowMs } = await this.measure(pid);
    const off = nowMs - Date.now() - shiftMs;
    if (Math.abs(off) > 60_000) throw new Error(`the clock did not jump: it is off by ${off} ms`);
  }

  /** Processes that start from now on have that wall clock. */
  startShifted(shiftMs: number): void {
    writeFileSync(join(this.#folder, "clock-shift-ms"), String(shiftMs));
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Adds these variables to every process that starts before `start` is done. */
export async function withEnvironment<T>(added: Readonly<Record<string, string>>, start: () => Promise<T>): Promise<T> {
  const before = Object.keys(added).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, added);
  try {
    return await start();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
