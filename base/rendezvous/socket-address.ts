// Where the one process of a folder listens: a Unix socket in the folder itself or, if that path is too long for the
// kernel, in a private folder below the runtime folder or the temporary one. Callers never guess: they read the endpoint
// file.

import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ensurePrivateFolder } from "../home/home.ts";
import type { Environment } from "../home/home.ts";

/** `sun_path` has 104 bytes on macOS and 108 on Linux, one of them for the terminating zero. */
const maxSocketPathBytes = 103;

/** The first character of a name that is not a path. */
const abstract = "\0";

export interface SystemFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** The system's temporary folder; per user on macOS. */
  readonly temporary: string;
}

/** @param before where the previous process listened */
export type ChooseAddress = (folder: string, around: SystemFacts, before?: string) => string;

export function systemFacts(): SystemFacts {
  return { platform: process.platform, env: process.env, temporary: tmpdir() };
}

/**
 * Chooses an address that a process may bind: a socket path, or the name of a pipe that nobody can guess (Node cannot
 * restrict who opens a pipe).
 * @param before where the previous process listened; used again if possible
 * @throws an error with a sentence if there can be no private folder with a short path
 */
export function chooseAddress(folder: string, around: SystemFacts, before?: string): string {
  if (around.platform === "win32") return `\\\\.\\pipe\\rendezvous-${randomBytes(16).toString("hex")}`;
  const inFolder = join(folder, "rendezvous.sock");
  return fits(inFolder) ? inFolder : shortAddress(folder, around, before);
}

/**
 * As `chooseAddress`, for a folder that may hold only files. Linux has socket names that are not files. Anyone may connect
 * to them, but has to prove who they are, as everywhere.
 */
export function chooseNameOutside(folder: string, around: SystemFacts, before?: string): string {
  if (around.platform === "win32") return chooseAddress(folder, around);
  if (around.platform === "linux") return `${abstract}rendezvous-${randomBytes(16).toString("hex")}`;
  return shortAddress(folder, around, before);
}

/** Whether the address leaves something in the file system when its process ends. */
export function isFile(address: string): boolean {
  return process.platform !== "win32" && !address.startsWith(abstract);
}

/** The address as a sentence shows it. */
export function shownAddress(address: string): string {
  return address.replace(abstract, "@");
}

function shortAddress(folder: string, around: SystemFacts, before: string | undefined): string {
  const name = `${createHash("sha256").update(folder).digest("hex").slice(0, 16)}.sock`;
  if (before !== undefined && basename(before) === name && fits(before) && isPrivate(dirname(before))) return before;
  const bases = [around.env["XDG_RUNTIME_DIR"], around.temporary, "/tmp"];
  for (const base of bases) {
    const short = base === undefined || base === "" ? undefined : shortFolder(base, name);
    if (short !== undefined) return join(short, name);
  }
  throw new Error(
    `The path of ${folder} is too long for a socket, and no private folder can be made in ` +
      `${bases.filter((base) => base !== undefined && base !== "").join(", ")}. Set CHAT_ROOM_HOME to a folder with a ` +
      "shorter path.",
  );
}

/** Nobody listens there any more: also removes a folder that was made for this address alone. */
export function forgetAddress(address: string): void {
  if (!/^rendezvous-\w{6}$/.test(basename(dirname(address)))) return;
  try {
    rmdirSync(dirname(address));
  } catch {
    // It is already gone, or somebody else uses it too.
  }
}

/** A folder of this user's own below that one; undefined if there can be none. */
function shortFolder(base: string, name: string): string | undefined {
  if (!isSafe(base)) return undefined;
  const own = join(base, `rendezvous-of-${String(process.getuid?.() ?? "me")}`);
  if (fits(join(own, name)) && isPrivate(own)) return own;
  // Somebody else has made that folder, by mistake or not: use a name that they cannot guess.
  if (!fits(join(base, "rendezvous-XXXXXX", name))) return undefined;
  try {
    return mkdtempSync(join(base, "rendezvous-"));
  } catch {
    return undefined;
  }
}

/** In a folder that others may write to, only the sticky bit keeps them from replacing what is in it (CWE-379). */
function isSafe(base: string): boolean {
  try {
    const { mode, uid } = statSync(base);
    const owned = process.getuid === undefined || uid === 0 || uid === process.getuid();
    return owned && ((mode & 0o022) === 0 || (mode & 0o1000) !== 0);
  } catch {
    return false;
  }
}

function isPrivate(folder: string): boolean {
  try {
    ensurePrivateFolder(folder);
    return true;
  } catch {
    return false;
  }
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maxSocketPathBytes;
}
