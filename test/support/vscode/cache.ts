// Problem: large things (a VS Code, a browser) are created once and outlive a clone. Several test runs may want to create
// them at the same moment, and any of them may be killed half-way.
// Approach: build in a staging folder beside it and rename it. A rename is atomic, so a folder with the final name and the
// marker is complete. Whoever loses the race uses the winner's. Abandoned staging folders are removed.
// Limit: two builders at the same time both do the work.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { randomUUID } from "node:crypto";

const marker = ".complete";
/** Longer than any build may take (npm steps have their own, shorter deadline): an older staging folder is abandoned. */
const stagingLifetimeMs = 60 * 60_000;

/** `$XDG_CACHE_HOME/chat-room`, or what the platform has for it. */
export function cacheRoot(): string {
  const xdg = process.env["XDG_CACHE_HOME"];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "chat-room");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "chat-room");
  if (process.platform === "win32") {
    return join(process.env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "chat-room", "Cache");
  }
  return join(homedir(), ".cache", "chat-room");
}

/**
 * Returns `folder`, built by `build(staging)` if it does not exist yet. `build` fills an empty folder and may throw. The
 * content must not depend on that folder's path, because the folder is renamed afterwards.
 */
export async function makeOnce(folder: string, build: (staging: string) => Promise<void>): Promise<string> {
  await sweepStaging(folder);
  if (isWhole(folder)) return folder;
  const staging = stagingName(folder);
  await mkdir(staging, { recursive: true });
  try {
    await build(staging);
    await writeFile(join(staging, marker), `${new Date().toISOString()}\n`);
    await publish(staging, folder);
  } finally {
    await removeFolder(staging);
  }
  return folder;
}

export function isWhole(folder: string): boolean {
  return existsSync(join(folder, marker));
}

/** Removes a folder tree, and retries while another process is still writing into it. A missing folder is not an error. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function publish(staging: string, folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(staging, folder);
      return;
    } catch (error) {
      if (isWhole(folder)) return; // somebody else was faster: theirs is as good
      if (attempt === 3 || !existsSync(folder)) throw error;
      await setAside(folder); // without a marker: a removal that was interrupted
    }
  }
}

async function setAside(folder: string): Promise<void> {
  const aside = stagingName(folder);
  await rename(folder, aside).catch(() => undefined);
  await removeFolder(aside);
}

function stagingName(folder: string): string {
  return `${stagingPrefix(folder)}${hostTag()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}

function stagingPrefix(folder: string): string {
  return `${folder}.staging-`;
}

function hostTag(): string {
  return (
    hostname()
      .replaceAll(/[^A-Za-z0-9]/g, "")
      .slice(0, 32) || "host"
  );
}

async function sweepStaging(folder: string): Promise<void> {
  const prefix = basename(stagingPrefix(folder));
  const names = await readdir(dirname(folder)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const path = join(dirname(folder), name);
    if (await isAbandoned(path, name.slice(prefix.length))) await removeFolder(path).catch(() => undefined);
  }
}

async function isAbandoned(path: string, tag: string): Promise<boolean> {
  const [host, pid] = tag.split("-");
  if (host === hostTag() && pid !== undefined && !processExists(Number(pid))) return true;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > stagingLifetimeMs;
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
