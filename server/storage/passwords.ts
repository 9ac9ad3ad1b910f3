// Passwords as PHC strings of Argon2id (scrypt if this Node.js has none). Each costs tens of MiB, so at most two are
// computed at once and a bounded number waits, fairly [P-8.7]. Every string names its own cost, so the setting may change.
// The password of an unknown name costs as much to check as a new one. Does not limit guessing:
// core/limits/login-throttle.ts does.

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Passwords } from "../core/ports.ts";
import { nodeKeyDerivation, scryptCost } from "./key-derivation.ts";
import type { KeyDerivation } from "./key-derivation.ts";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import type { TurnLimits } from "./concurrency-limit.ts";

export interface PasswordCost {
  readonly mebibytes: number;
  readonly passes: number;
}

export interface PasswordOptions {
  /** Cost of Argon2id, for passwords that are stored from now on. */
  readonly cost?: PasswordCost;
  /** False: as on a Node.js without Argon2. */
  readonly argon2?: boolean;
  /** The hash functions; replaced in tests. */
  readonly keys?: KeyDerivation;
}

export const defaultPasswordCost: PasswordCost = { mebibytes: 46, passes: 1 };
/** A few hundred may wait per address group: a whole company signs in at nine. */
export const turnLimits: TurnLimits = {
  running: 2,
  waiting: 512,
  waitingOfGroup: { known: 384, unknown: 384, new: 128 },
};
const saltBytes = 16;
const hashBytes = 32;

type Derive = (password: string, salt: Buffer) => Promise<Buffer>;

interface Stored {
  readonly salt: Buffer;
  readonly hash: Buffer;
  readonly derive: Derive;
  /** KiB times passes; 0 for scrypt, which is only a fallback. */
  readonly work: number;
}

export function createPasswords(options: PasswordOptions = {}): Passwords {
  const functions = options.keys ?? nodeKeyDerivation;
  const keys: KeyDerivation = options.argon2 === false ? { ...functions, argon2id: undefined } : functions;
  const { argon2id } = keys;
  const { mebibytes, passes } = options.cost ?? defaultPasswordCost;
  const cost = { memory: mebibytes * 1_024, passes, parallelism: 1 };
  const turns = new ConcurrencyLimit(turnLimits);
  const prefix = argon2id
    ? `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`
    : `$scrypt$ln=${scryptCost.logN},r=${scryptCost.r},p=${scryptCost.p}$`;
  const unknownUser = `${prefix}${encode(Buffer.alloc(saltBytes, 1))}$${encode(Buffer.alloc(hashBytes))}`;
  const present = parse(unknownUser, keys);

  return {
    async hash(password, turn) {
      const salt = randomBytes(saltBytes);
      const hash = await turns.take(turn, () => present.derive(password, salt));
      return hash && `${prefix}${encode(salt)}$${encode(hash)}`;
    },
    async check(password, phc, turn) {
      const stored = parse(phc ?? unknownUser, keys);
      const found = await turns.take(turn, () => stored.derive(password, stored.salt));
      if (!found) return "busy";
      if (phc === undefined || !timingSafeEqual(found, stored.hash)) return "wrong";
      return stored.work < present.work ? "outdated" : "right";
    },
  };
}

const argon2Form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;
const scryptForm = /^\$scrypt\$ln=17,r=8,p=1\$([\w+/]+)\$([\w+/]+)$/;

/** @throws for a string of another kind, and for Argon2 if this Node.js has none */
function parse(phc: string, keys: KeyDerivation): Stored {
  const { argon2id } = keys;
  const modern = argon2Form.exec(phc);
  if (modern) {
    if (!argon2id) throw new Error("A stored password needs Argon2. Run the server with Node.js 24.7 or newer.");
    const [, memory, passes, parallelism, salt, hash] = modern;
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    const derive: Derive = (password, salted) => argon2id(password, salted, cost);
    return { salt: decode(salt), hash: decode(hash), derive, work: cost.memory * cost.passes };
  }
  const old = scryptForm.exec(phc);
  if (!old) throw new Error("A stored password has a form that this program does not know.");
  return {
    salt: decode(old[1]),
    hash: decode(old[2]),
    derive: (password, salt) => keys.scrypt(password, salt),
    work: 0,
  };
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function decode(text = ""): Buffer {
  return Buffer.from(text, "base64");
}
