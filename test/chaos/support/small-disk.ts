// A disk that is full when a test wants it: a tmpfs of a few MiB. Mounting one needs root; otherwise the test is skipped
// and says so.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class SmallDisk {
  readonly folder: string;

  /** Why it is not mounted, if it is not. */
  readonly unable: string | undefined;

  private constructor(folder: string, unable: string | undefined) {
    this.folder = folder;
    this.unable = unable;
  }

  static mount(mebibytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), "chat-room-disk-"));
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "chat-room-test", folder]);
    const unable = "a tmpfs cannot be mounted here: run as root, or in `unshare --map-root-user --mount`";
    return new SmallDisk(folder, status === 0 ? undefined : unable);
  }

  /** Fills it up, except for this much. */
  fill(mebibytes: number): void {
    writeFileSync(join(this.folder, "filler"), Buffer.alloc(mebibytes * 1_024 * 1_024));
  }

  free(): void {
    rmSync(join(this.folder, "filler"));
  }

  /** Call after every process on it has ended. */
  dispose(): void {
    if (this.unable !== undefined) {
      rmdirSync(this.folder);
      return;
    }
    const { status, stderr } = spawnSync("umount", [this.folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${this.folder} stays mounted: ${stderr}`);
    rmdirSync(this.folder);
  }
}
