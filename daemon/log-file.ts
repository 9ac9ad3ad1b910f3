// The daemon's log: a file of its own, since it has no terminal. Rotated once by size, so it is never more than two files;
// a disk that is full costs log lines, not the daemon.

import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createLog } from "../base/log.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";

const maxBytes = 2 * 1_024 * 1_024;

/** @param home a private folder */
export function openLogFile(home: string, clock: Clock): Log {
  const file = new RotatingFile(join(home, "daemon.log"));
  return createLog("info", clock, (line) => file.write(line));
}

class RotatingFile {
  readonly #path: string;
  #file: number | undefined;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  write(line: string): void {
    try {
      if (this.#file !== undefined && this.#size >= maxBytes) this.#rotate(this.#file);
      this.#file ??= this.#open();
      this.#size += writeSync(this.#file, line);
    } catch {
      // There is nowhere else to say it.
    }
  }

  #open(): number {
    const file = openSync(this.#path, "a", 0o600);
    this.#size = fstatSync(file).size;
    return file;
  }

  #rotate(file: number): void {
    closeSync(file);
    this.#file = undefined;
    renameSync(this.#path, `${this.#path}.1`);
  }
}
