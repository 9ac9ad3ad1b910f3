// Passwords as PHC strings of Argon2id (scrypt if this Node.js has none), computed on the thread pool. Each costs tens of MiB,
// so at most two are under way and a bounded number waits, in fair turns. Every string names its own cost, so that the
// setting may change. Sets no pace for guessing: that is core/guard.ts.

import * as crypto from "node:crypto";
import { promisify } from "node:util";
import type { Passwords } from "../core/ports.ts";
import { Turns } from "./turns.ts";

export interface PasswordCost {
  readonly mebibytes: number;
  readonly passes: number;
}

export interface PasswordOptions {
  /** Of Argon2id, for passwords that are stored from now on. */
  readonly cost?: PasswordCost;
  /** False: as on a Node.js without Argon2. */
  readonly argon2?: boolean;
}

export const defaultPasswordCost: PasswordCost = { mebibytes: 46, passes: 1 };
/** Known people may all come at once, after a restart or at nine in the morning: those wait who can still be served in 10 s. */
const bounds = { running: 2, waiting: { known: 256, unknown: 64, new: 64 } };
const scryptCost = { logN: 17, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;

type Derive = (password: string, salt: Buffer) => Promise<Buffer>;
type Argon2 = (cost: Argon2Cost) => Derive;
interface Argon2Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

interface Stored {
  readonly salt: Buffer;
  readonly hash: Buffer;
  readonly derive: Derive;
  /** KiB times passes; 0 for scrypt, which is only a stopgap. */
  readonly work: number;
}

export function createPasswords(options: PasswordOptions = {}): Passwords {
  const argon2 = options.argon2 === false ? undefined : findArgon2();
  const { mebibytes, passes } = options.cost ?? defaultPasswordCost;
  const cost: Argon2Cost = { memory: mebibytes * 1_024, passes, parallelism: 1 };
  const turns = new Turns(bounds);
  const prefix = argon2
    ? `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`
    : `$scrypt$ln=${scryptCost.logN},r=${scryptCost.r},p=${scryptCost.p}$`;
  const derive = argon2 ? argon2(cost) : scrypt;
  const work = argon2 ? cost.memory * cost.passes : 0;
  const nobody = `${prefix}${encode(Buffer.alloc(saltBytes, 1))}$${encode(Buffer.alloc(hashBytes))}`;

  return {
    async hash(password, turn) {
      const salt = crypto.randomBytes(saltBytes);
      const hash = await turns.take(turn, () => derive(password, salt));
      return hash && `${prefix}${encode(salt)}$${encode(hash)}`;
    },
    async check(password, phc, turn) {
      const stored = parse(phc ?? nobody, argon2);
      const found = await turns.take(turn, () => stored.derive(password, stored.salt));
      if (!found) return "busy";
      if (phc === undefined || !crypto.timingSafeEqual(found, stored.hash)) return "wrong";
      return stored.work < work ? "outdated" : "right";
    },
  };
}

const argon2Form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;
const scryptForm = /^\$scrypt\$ln=17,r=8,p=1\$([\w+/]+)\$([\w+/]+)$/;

/** @throws for a string of another kind, and for Argon2 where this Node.js has none */
function parse(phc: string, argon2: Argon2 | undefined): Stored {
  const modern = argon2Form.exec(phc);
  if (modern) {
    if (!argon2) throw new Error("A stored password needs Argon2. Run the server with Node.js 24.7 or newer.");
    const [, memory, passes, parallelism, salt, hash] = modern;
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    return { salt: decode(salt), hash: decode(hash), derive: argon2(cost), work: cost.memory * cost.passes };
  }
  const old = scryptForm.exec(phc);
  if (!old) throw new Error("A stored password has a form that this program does not know.");
  return { salt: decode(old[1]), hash: decode(old[2]), derive: scrypt, work: 0 };
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function decode(text = ""): Buffer {
  return Buffer.from(text, "base64");
}

function findArgon2(): Argon2 | undefined {
  const { argon2 } = crypto as Partial<typeof crypto>;
  if (!argon2) return undefined;
  return (cost) => (password, salt) =>
    new Promise((resolve, reject) => {
      const parameters = { ...cost, message: normalised(password), nonce: salt, tagLength: hashBytes };
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
