// The functions that hash a password, at no cost: they record what each call would have cost.

import { createHash } from "node:crypto";
import type { KeyDerivation } from "../../../server/storage/key-derivation.ts";

export class KeyRecorder implements KeyDerivation {
  /** The function and its parameters, per call. */
  readonly costs: string[] = [];
  mostAtOnce = 0;
  #atOnce = 0;

  readonly argon2id = (password: string, salt: Buffer, cost: object): Promise<Buffer> =>
    this.#derive(`argon2id ${JSON.stringify(cost)}`, password, salt);

  readonly scrypt = (password: string, salt: Buffer): Promise<Buffer> => this.#derive("scrypt", password, salt);

  async #derive(cost: string, password: string, salt: Buffer): Promise<Buffer> {
    this.costs.push(cost);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    await Promise.resolve();
    this.#atOnce -= 1;
    return createHash("sha256").update(salt).update(password).digest();
  }
}
