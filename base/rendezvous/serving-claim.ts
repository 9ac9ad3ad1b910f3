// The claim to serve a folder, which belongs to the holder of its lock. Knows whether the claim still holds: after the
// folder or its lock file was removed or replaced, somebody else may claim it.

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
   * Waits while a predecessor makes room; gives up at once if one serves.
   * @returns undefined if another process has the claim
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

  /** `again`: the lock file was gone, and has been made and locked again. `lost`: the folder is gone, or another's. */
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
