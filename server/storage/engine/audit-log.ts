// Who may use the server, and who changed that: one JSON object per line in audit.log, for the operator. No secrets. It is
// bounded: a file of 10 MiB is renamed to audit.log.1 and replaces the one before.

import { closeSync, constants, fstatSync, openSync, renameSync } from "node:fs";
import { join } from "node:path";
import { appendWhole } from "../../../base/files/append-whole.ts";
import type { Clock, Log } from "../../core/ports.ts";
import type { AuditEntry } from "../operations.ts";

export const auditLogName = "audit.log";
const maxBytes = 10 * 1_024 * 1_024;

export class AuditLog {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #maxBytes: number;

  constructor(folder: string, clock: Clock, log: Log, bounds: { readonly maxBytes?: number } = {}) {
    this.#path = join(folder, auditLogName);
    this.#clock = clock;
    this.#log = log;
    this.#maxBytes = bounds.maxBytes ?? maxBytes;
  }

  /** An entry that cannot be written is reported in the log; the change itself has happened. */
  write(entries: readonly AuditEntry[]): void {
    if (entries.length === 0) return;
    const time = new Date(this.#clock.nowMs()).toISOString();
    try {
      this.#append(entries.map((entry) => `${JSON.stringify({ time, ...entry })}\n`).join(""));
    } catch (error) {
      this.#log.error("audit_unwritten", { count: entries.length, error: String(error) });
    }
  }

  #append(lines: string): void {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
    const file = openSync(this.#path, process.platform === "win32" ? "a" : flags | constants.O_NOFOLLOW, 0o600);
    let size: number;
    try {
      appendWhole(file, lines);
      ({ size } = fstatSync(file));
    } finally {
      closeSync(file);
    }
    if (size >= this.#maxBytes) renameSync(this.#path, `${this.#path}.1`);
  }
}
