// The one place of a folder: whoever holds its lock serves. Knows whether it is still the place of that folder, for a folder
// or a lock file that was removed or replaced is one that somebody else may take.

import { setTimeout as sleep } from "node:timers/promises";
import { fileAt } from "../files/file-identity.ts";
import type { HeldLock } from "../files/file-lock.ts";
import { answers } from "./bound-socket.ts";
import { lifeLockFile, readEndpoint } from "./files.ts";
import { tryLock } from "./lock.ts";

export class ServingClaim {
  readonly #folder: string;
  readonly #file: string | undefined;
  #lock: HeldLock;

  private constructor(folder: string, lock: HeldLock) {
    this.#folder = folder;
    this.#file = fileAt(folder);
    this.#lock = lock;
  }

  /**
   * Waits while a predecessor makes room; gives up at once where one serves.
   * @returns undefined where the place is taken
   */
  static async take(folder: string, waitMs: number): Promise<ServingClaim | undefined> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const lock = tryLock(lifeLockFile(folder));
      if (lock) return new ServingClaim(folder, lock);
      const endpoint = readEndpoint(folder);
      if (performance.now() > deadline || (endpoint && (await answers(endpoint.address)))) return undefined;
      await sleep(25);
    }
  }

  /** `again`: the lock's file was gone, and was made and locked anew. `lost`: this is nobody's place any more, or another's. */
  check(): "held" | "again" | "lost" {
    if (this.#file === undefined || fileAt(this.#folder) !== this.#file) return "lost";
    if (this.#lock.stands()) return "held";
    const again = tryLock(lifeLockFile(this.#folder));
    if (!again) return "lost";
    this.#lock.release();
    this.#lock = again;
    return "again";
  }

  /** Idempotent. */
  release(): void {
    this.#lock.release();
  }
}
