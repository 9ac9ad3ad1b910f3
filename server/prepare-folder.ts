// The data folder before anything in it is opened: made for this user alone, and refused if somebody else could change the
// database under the server (CWE-732). Others may own a folder that this user's group may write to: Kubernetes makes volumes so.

import { lstatSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../base/make-folder.ts";
import { reasonOf, StartFailure } from "./start-failure.ts";

const othersWrite = 0o002;
const databaseFile = "chat-room.db";

/** @throws StartFailure */
export function prepareDataFolder(folder: string): void {
  let found: Stats;
  try {
    makeFolder(folder);
    found = statSync(folder);
  } catch (error) {
    throw unusable(folder, reasonOf(error), error);
  }
  if (!found.isDirectory()) throw unusable(folder, "it is not a folder");
  if (process.getuid === undefined) return;
  checkOwner(folder, found, [process.getuid(), 0], "700");
  const database = join(folder, databaseFile);
  const stored = lstatSync(database, { throwIfNoEntry: false });
  if (stored) checkOwner(database, stored, [process.getuid()], "600");
}

function unusable(folder: string, why: string, cause?: unknown): StartFailure {
  return new StartFailure(
    `The data folder ${folder} cannot be written to (${why}). Give this user access to it, or choose another one with --data.`,
    { cause },
  );
}

function checkOwner(path: string, { uid, mode }: Stats, owners: readonly number[], right: string): void {
  if (!owners.includes(uid)) {
    throw new StartFailure(
      `${path} belongs to another user, who could change it. Run the server as that user, or run: chown -R USER '${path}'.`,
    );
  }
  if ((mode & othersWrite) !== 0) {
    throw new StartFailure(`Everybody on this machine can write to ${path}. Run: chmod ${right} '${path}'.`);
  }
}
