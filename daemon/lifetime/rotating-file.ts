// A log file: private, appended to, and rotated by size, so that there are never more than two files. A full disk costs log
// lines, not the process.

import { closeSync, fstatSync, openSync, renameSync } from "node:fs";
import { appendWhole } from "../../base/files/append-whole.ts";

const maxBytes = 2 * 1_024 * 1_024;

export class RotatingFile {
  readonly #path: string;
  #file: number | undefined;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  write(text: string): void {
    try {
      if (this.#file !== undefined && this.#size >= maxBytes) this.#rotate(this.#file);
      this.#file ??= this.#open();
      appendWhole(this.#file, text);
      this.#size += Buffer.byteLength(text);
    } catch {
      // There is nowhere else to report it.
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
