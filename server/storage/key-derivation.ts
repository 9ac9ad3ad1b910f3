// The two functions that hash a password: Argon2id, if this Node.js has it (24.7 and newer), and scrypt. They run on the
// thread pool. Composed and decomposed characters count as the same (NFC).

import * as crypto from "node:crypto";
import { promisify } from "node:util";

export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

export interface KeyDerivation {
  /** Undefined on a Node.js without it. */
  readonly argon2id: ((password: string, salt: Buffer, cost: Argon2Cost) => Promise<Buffer>) | undefined;
  scrypt(password: string, salt: Buffer): Promise<Buffer>;
}

export const scryptCost = { logN: 17, r: 8, p: 1 };
const hashBytes = 32;

const { argon2 } = crypto as Partial<typeof crypto>;
const scryptAsync = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

export const nodeKeyDerivation: KeyDerivation = {
  argon2id:
    argon2 &&
    ((password, salt, cost) =>
      new Promise((resolve, reject) => {
        const parameters = { ...cost, message: password.normalize("NFC"), nonce: salt, tagLength: hashBytes };
        argon2("argon2id", parameters, (error, hash) => (error ? reject(error) : resolve(hash)));
      })),
  scrypt(password, salt) {
    const { logN, r, p } = scryptCost;
    const options = { N: 2 ** logN, r, p, maxmem: 2 ** (logN + 9) * r };
    return scryptAsync(password.normalize("NFC"), salt, hashBytes, options);
  },
};
