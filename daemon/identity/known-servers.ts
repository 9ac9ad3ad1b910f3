// The key that each server had when it was first trusted. A small private file. Losing it is not harmless: an attacker's
// key would pass as a first sight. So a damaged file is reported instead of being treated as empty.

import { join } from "node:path";
import { readPrivateFile, writePrivateFile } from "../../base/files/private-file.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";

export class KnownServers {
  readonly #path: string;

  /** @param home a private folder */
  constructor(home: string) {
    this.#path = join(home, "known-servers.json");
  }

  /**
   * @param server its address in the canonical spelling
   * @throws an error with a sentence if the file cannot be read
   */
  pinOf(server: string): Pin | undefined {
    return this.#read().get(server);
  }

  /** Like `pinOf`, but returns undefined if the file cannot be read. */
  find(server: string): Pin | undefined {
    try {
      return this.pinOf(server);
    } catch {
      return undefined;
    }
  }

  /** The key of each server, by the canonical spelling of its address. @throws like `pinOf` */
  all(): ReadonlyMap<string, Pin> {
    return this.#read();
  }

  /**
   * Stores the key of the server, replacing an earlier one. @throws an error with a sentence if it cannot be
   * stored
   */
  keep(server: string, pin: Pin): void {
    const known = this.#read().set(server, pin);
    try {
      writePrivateFile(this.#path, `${JSON.stringify(Object.fromEntries(known), undefined, 2)}\n`);
    } catch (error) {
      const why = messageOf(error);
      throw new Error(`The key of ${server} cannot be stored: ${why}.`, { cause: error });
    }
  }

  #read(): Map<string, Pin> {
    const text = readPrivateFile(this.#path);
    const known = new Map<string, Pin>();
    for (const [server, pin] of text === undefined ? [] : this.#entries(text)) {
      if (typeof pin !== "string" || !isPin(pin)) throw this.#damaged();
      known.set(server, pin);
    }
    return known;
  }

  #entries(text: string): [string, unknown][] {
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return Object.entries(parsed);
    } catch {
      // Reported below.
    }
    throw this.#damaged();
  }

  #damaged(): Error {
    return new Error(
      `${this.#path} is damaged. Restore it, or remove it: then the key of each server is trusted anew, after a question ` +
        "for those on other machines.",
    );
  }
}
