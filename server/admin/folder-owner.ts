// An administrator runs commands on the data folder of a service that is another user. Only the service may be able to
// reach the folder by its path (systemd keeps such folders below one that is closed to all others). So what a command reads
// there to connect to the server is read with the owner's rights. Files that it makes are given to the owner, because the
// service could not open them otherwise.

import { chownSync, lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { isMissing } from "../../base/files/private-file.ts";
import { auditLogName } from "../storage/engine/audit-log.ts";
import { databaseName } from "../storage/engine/open.ts";
import { lockName } from "../storage/folder-lock.ts";
import { programUser } from "../storage/data-folder.ts";
import type { ProgramUser } from "../storage/data-folder.ts";

const ownFiles = [databaseName, `${databaseName}-wal`, `${databaseName}-shm`, lockName, auditLogName];

export interface FolderOwner {
  /** The user to whom the folder has to be private; undefined on a system without numeric users. */
  readonly user: ProgramUser | undefined;
  /** Reads small files with the owner's rights. The folder is `.`, the working directory, meanwhile. */
  read<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Gives the files that were made to the owner. */
  giveAll(): void;
}

/** @throws the error of the file system */
export function ownerOf(folder: string): FolderOwner {
  const user = programUser();
  const other = user?.uid === 0 ? otherOwner(folder) : undefined;
  if (!other) return { user, read: (work) => work(folder), giveAll: () => undefined };
  return {
    user: other,
    async read(work) {
      const before = process.cwd();
      process.chdir(folder);
      process.seteuid?.(other.uid);
      try {
        return await work(".");
      } finally {
        process.seteuid?.(0);
        process.chdir(before);
      }
    },
    giveAll() {
      for (const name of ownFiles) give(join(folder, name), other);
    },
  };
}

/** @returns undefined if the folder is root's own, or does not exist yet */
function otherOwner(folder: string): ProgramUser | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid, groups: [] } : undefined;
}

function give(path: string, { uid, gid }: ProgramUser): void {
  try {
    if (lstatSync(path).uid === 0) chownSync(path, uid, gid);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
