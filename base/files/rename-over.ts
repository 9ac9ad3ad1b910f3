// Replaces a file by another one. On Windows that fails for as long as somebody has the old one open, as indexers, scanners
// and readers do for a moment, so it is tried again for a while.

import { renameSync } from "node:fs";

export interface RenameOptions {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => void;
  /** Waits for that many milliseconds. */
  readonly pause: (ms: number) => void;
}

/** A second in total: longer than any reader of ours, and short enough for anybody who waits. */
const pausesMs: readonly number[] = [5, 10, 20, 40, 80, 160, 320, 365];

/** @throws the error of the file system, after a second at the latest */
export function renameOver(
  from: string,
  to: string,
  { platform, rename, pause }: RenameOptions = { platform: process.platform, rename: renameSync, pause: pauseHere },
): void {
  for (const pauseMs of platform === "win32" ? pausesMs : []) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      if (!isHeldOpen(error)) throw error;
      pause(pauseMs);
    }
  }
  rename(from, to);
}

function isHeldOpen(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["EPERM", "EBUSY", "EACCES"].includes(String(error.code));
}

/** Blocks the thread: what is written next may rely on nothing else happening meanwhile. */
function pauseHere(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
