// Where the one process of a folder listens. A Unix socket lies in the folder itself; if that path is too long for the
// kernel, in a private folder below the runtime or temporary one. Callers never guess: they read the endpoint file.

import { createHash, randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder } from "../home.ts";
import type { Environment } from "../home.ts";

/** `sun_path` has 104 bytes on macOS and 108 on Linux, one of them for the terminating zero. */
const maxSocketPathBytes = 103;

/** Begins a name that is no path. */
const abstract = "\0";

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** The system's temporary folder; per user on macOS. */
  readonly temporary: string;
}

export function surroundings(): Surroundings {
  return { platform: process.platform, env: process.env, temporary: tmpdir() };
}

/**
 * An address that a process may bind: a socket path, or the name of a pipe, which nobody can guess (Node cannot restrict who
 * opens a pipe).
 * @throws with a sentence if no private folder with a short path can be had
 */
export function chooseAddress(folder: string, around: Surroundings): string {
  if (around.platform === "win32") return `\\\\.\\pipe\\rendezvous-${randomBytes(16).toString("hex")}`;
  const inFolder = join(folder, "rendezvous.sock");
  return fits(inFolder) ? inFolder : shortAddress(folder, around);
}

/**
 * As `chooseAddress`, for a folder that holds nothing but files. Linux has names that are no files; whoever may connect to
 * them has to prove who they are, as everywhere.
 */
export function chooseNameOutside(folder: string, around: Surroundings): string {
  if (around.platform === "win32") return chooseAddress(folder, around);
  if (around.platform === "linux") return `${abstract}rendezvous-${randomBytes(16).toString("hex")}`;
  return shortAddress(folder, around);
}

/** Whether something of the address stays in the file system when its process ends. */
export function isFile(address: string): boolean {
  return process.platform !== "win32" && !address.startsWith(abstract);
}

/** For a sentence. */
export function shownAddress(address: string): string {
  return address.replace(abstract, "@");
}

function shortAddress(folder: string, around: Surroundings): string {
  const name = `${createHash("sha256").update(folder).digest("hex").slice(0, 16)}.sock`;
  const user = String(process.getuid?.() ?? "me");
  for (const base of [around.env["XDG_RUNTIME_DIR"], around.temporary, "/tmp"]) {
    if (base === undefined || base === "") continue;
    const short = join(base, `rendezvous-${user}`);
    if (!fits(join(short, name))) continue;
    ensurePrivateFolder(short);
    return join(short, name);
  }
  throw new Error(`The path of ${folder} is too long for a socket. Choose a shorter folder.`);
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maxSocketPathBytes;
}
