// The data folder belongs to the server's user, and nobody else may write to it: they could replace the database with their
// own (CWE-732). Its files are made private again if something opened them, as some mounts do.

import { chmodSync, lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../base/files/make-folder.ts";
import { isMissing } from "../../base/files/private-file.ts";
import { StartFailure } from "../startup/start-errors.ts";
import { auditLogName } from "./engine/audit-log.ts";
import { databaseName } from "./engine/open.ts";
import { lockName } from "./folder-lock.ts";

/** The user that runs the program. */
export interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

const groupWrite = 0o020;
const othersWrite = 0o002;
const others = 0o077;

/** @returns undefined on a system without numeric users */
export function programUser(): ProgramUser | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? undefined : { uid, gid, groups: process.getgroups?.() ?? [] };
}

/**
 * Makes the folder for this user alone if it does not exist; otherwise checks its owner and permissions.
 * @throws StartFailure, or the error of the file system
 */
export function prepareDataFolder(folder: string, user: ProgramUser | undefined = programUser()): void {
  makeFolder(folder);
  if (!user) return;
  const { uid, gid, mode } = statSync(folder);
  if (uid !== user.uid && uid !== 0) throw belongsTo(folder, uid);
  if ((mode & othersWrite) !== 0 || ((mode & groupWrite) !== 0 && !isOwnGroup(uid, gid, user))) {
    throw new StartFailure(
      `Others can write to the data folder ${folder}. Run: chmod go-w '${folder}', and look whether they have.`,
      { exitCode: 3 },
    );
  }
  for (const name of [databaseName, `${databaseName}-wal`, `${databaseName}-shm`, lockName, auditLogName]) {
    makePrivate(join(folder, name), user);
  }
}

/**
 * A group may write if it has no other members: a user's private group, as many systems have it, or the group that an
 * administrator gave a folder of theirs for this program, as container platforms do.
 */
function isOwnGroup(owner: number, group: number, user: ProgramUser): boolean {
  return owner === user.uid ? group === user.uid : group === user.gid || user.groups.includes(group);
}

function makePrivate(path: string, user: ProgramUser): void {
  try {
    const { uid, mode } = lstatSync(path);
    if (uid !== user.uid && user.uid !== 0) throw belongsTo(path, uid);
    if ((mode & others) !== 0) chmodSync(path, mode & 0o700);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function belongsTo(path: string, uid: number): StartFailure {
  return new StartFailure(
    `${path} belongs to another user (${uid}). Run the server as that user, or give it a folder of its own with --data.`,
    { exitCode: 3 },
  );
}
