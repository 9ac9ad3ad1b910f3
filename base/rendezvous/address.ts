// Where the one process of a folder listens. A Unix socket lies in the folder itself; where that path is too long for
// the kernel, in a private folder below the runtime or temporary one. Callers never guess: they read the endpoint file.

import { createHash, randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder } from "../home.ts";
import type { Environment } from "../home.ts";

/** `sun_path` has 104 bytes on macOS and 108 on Linux, one of them for the terminating zero. */
const maxSocketPathBytes = 103;

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
 * An address that a process may bind: a socket path, or a pipe name that nobody can guess (Node cannot restrict who
 * opens a pipe).
 * @throws with a sentence where no private folder with a short path can be had
 */
export function chooseAddress(folder: string, around: Surroundings): string {
  if (around.platform === "win32") return `\\\\.\\pipe\\rendezvous-${randomBytes(16).toString("hex")}`;
  const inFolder = join(folder, "rendezvous.sock");
  if (fits(inFolder)) return inFolder;
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
