// The changes of the server's key, kept in the data folder [P-1.11]: which key was shown last, and for each change while
// the server ran, the old key's signed statement about the next one. A change without such a statement locks out everyone
// who pinned the old key, so it is logged as an error.

import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { signNextPin } from "../../base/tls/succession.ts";
import { maxPinStatements, pinStatement } from "../../protocol/wire/session.ts";
import type { PinStatement } from "../../protocol/wire/session.ts";
import { isPin } from "../../protocol/pin.ts";
import { array, object, string } from "../../protocol/validate.ts";
import type { Log } from "../core/ports.ts";

export const successionFile = "tls-succession.json";

/** All statements are sent in one line. */
const maxBytes = 49_152;
const stored = object({ pin: string(), pins: array(pinStatement) });

export class Succession {
  readonly #path: string;
  readonly #log: Log;
  #statements: readonly PinStatement[] = [];

  /** @param folder the data folder */
  constructor(folder: string, log: Log) {
    this.#path = join(folder, successionFile);
    this.#log = log;
  }

  /** Oldest first. */
  get statements(): readonly PinStatement[] {
    return this.#statements;
  }

  /** Records that the server starts with that key. */
  started({ pin }: TlsIdentity): void {
    const before = this.#read();
    this.#statements = before?.pins ?? [];
    if (before?.pin === pin) return;
    if (before !== undefined && isPin(before.pin)) this.#logChange(before.pin, pin, false);
    this.#store(pin);
  }

  /** Records that the server is about to show another key; the old key signs which one. */
  changes(old: TlsIdentity, next: TlsIdentity): void {
    if (old.pin === next.pin) return;
    // The next key is in use again: an earlier statement that it has been replaced no longer holds.
    const kept = this.#statements.filter(({ from }) => from !== next.pin);
    this.#statements = bounded([...kept, signNextPin(old, next.pin)]);
    this.#logChange(old.pin, next.pin, true);
    this.#store(next.pin);
  }

  /** @param announced whether clients that pinned the old key follow automatically */
  #logChange(old: string, pin: string, announced: boolean): void {
    this.#log.error("tls_pin_changed", { old, new: pin, announced });
  }

  #read(): { readonly pin: string; readonly pins: readonly PinStatement[] } | undefined {
    try {
      return readPrivateJson(this.#path, stored, () => {
        this.#log.warn("private_file_closed", { file: this.#path });
      });
    } catch (error) {
      this.#log.error("tls_succession_unreadable", { error: String(error) });
      return undefined;
    }
  }

  /** If storing fails, clients still follow during this run of the server. */
  #store(pin: string): void {
    try {
      writePrivateFile(this.#path, `${JSON.stringify({ pin, pins: this.#statements }, undefined, 2)}\n`);
    } catch (error) {
      this.#log.error("tls_succession_not_stored", { error: String(error) });
    }
  }
}

function bounded(statements: readonly PinStatement[]): readonly PinStatement[] {
  let kept = statements.slice(-maxPinStatements);
  while (kept.length > 1 && JSON.stringify(kept).length > maxBytes) kept = kept.slice(1);
  return kept;
}
