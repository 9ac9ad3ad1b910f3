// Passwords as PHC strings of Argon2id (scrypt where this Node.js has none), computed on the thread pool. Each costs 46 MiB
// or more, so at most two are under way and a bounded number waits; an unknown name costs as much as a known one, so that
// the time tells nothing (CWE-208). Sets no pace for guessing: that is the rate limit's.

import * as crypto from "node:crypto";
import { promisify } from "node:util";
import type { Passwords } from "../core/ports.ts";

const maxRunning = 2;
const maxWaiting = 64;
const argon2Cost = { memory: 47_104, passes: 1, parallelism: 1 };
const scryptCost = { logN: 17, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

type Derive = (password: string, salt: Buffer) => Promise<Buffer>;

export interface PasswordOptions {
  /** False: as on a Node.js without Argon2. */
  readonly argon2?: boolean;
}

export function createPasswords(options: PasswordOptions = {}): Passwords {
  const argon2 = options.argon2 === false ? undefined : findArgon2();
  const turns = new Turns();
  const prefix = argon2 ? argon2Prefix : scryptPrefix;
  const derive = argon2 ?? scrypt;
  const nobody = `${prefix}${encode(Buffer.alloc(saltBytes, 1))}$${encode(Buffer.alloc(hashBytes))}`;

  return {
    async hash(password) {
      const salt = crypto.randomBytes(saltBytes);
      const hash = await turns.take(() => derive(password, salt));
      return hash && `${prefix}${encode(salt)}$${encode(hash)}`;
    },
    async check(password, stored) {
      const { salt, hash, derive: same } = parse(stored ?? nobody, argon2);
      const found = await turns.take(() => same(password, salt));
      if (!found) return "busy";
      return stored !== undefined && crypto.timingSafeEqual(found, hash) ? "right" : "wrong";
    },
  };
}

const argon2Prefix = `$argon2id$v=19$m=${argon2Cost.memory},t=${argon2Cost.passes},p=${argon2Cost.parallelism}$`;
const scryptPrefix = `$scrypt$ln=${scryptCost.logN},r=${scryptCost.r},p=${scryptCost.p}$`;

/** @throws for a string of another kind or cost, and for Argon2 where this Node.js has none */
function parse(phc: string, argon2: Derive | undefined): { salt: Buffer; hash: Buffer; derive: Derive } {
  const [prefix, derive] = phc.startsWith(argon2Prefix) ? [argon2Prefix, argon2] : [scryptPrefix, scrypt];
  if (!phc.startsWith(prefix)) throw new Error("A stored password has a form that this program does not know.");
  if (!derive) throw new Error("A stored password needs Argon2. Run the server with Node.js 24.7 or newer.");
  const [salt = "", hash = ""] = phc.slice(prefix.length).split("$");
  return { salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64"), derive };
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function findArgon2(): Derive | undefined {
  const { argon2 } = crypto as Partial<typeof crypto>;
  if (!argon2) return undefined;
  return (password, salt) =>
    new Promise((resolve, reject) => {
      const parameters = { ...argon2Cost, message: normalised(password), nonce: salt, tagLength: hashBytes };
      argon2("argon2id", parameters, (error, hash) => (error ? reject(error) : resolve(hash)));
    });
}

const scryptAsync = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);

function scrypt(password: string, salt: Buffer): Promise<Buffer> {
  const { logN, r, p } = scryptCost;
  return scryptAsync(normalised(password), salt, hashBytes, { N: 2 ** logN, r, p, maxmem: 2 ** (logN + 9) * r });
}

/** The same characters, however a keyboard composed them. */
function normalised(password: string): string {
  return password.normalize("NFC");
}

/** Lets a few work at once, and a bounded number wait. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @returns undefined when too many wait */
  async take(work: () => Promise<Buffer>): Promise<Buffer | undefined> {
    if (this.#running >= maxRunning) {
      if (this.#waiting.length >= maxWaiting) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
