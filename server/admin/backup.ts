// The command `backup FILE`: copies what is committed in the database at this moment to one new file, also while a server
// runs. The keys beside the database are not included; the command names them, so that the operator copies them too.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../base/error-message.ts";
import type { Environment } from "../../base/home/home.ts";
import { print } from "../../base/print.ts";
import { copyDatabase } from "../../base/sqlite.ts";
import { readDataFolder, UsageError } from "../config/config.ts";
import type { Given } from "../config/config.ts";
import { databaseName } from "../storage/engine/open.ts";
import { CommandFailure } from "./command-failure.ts";

/** @throws UsageError, CommandFailure */
export async function runBackup(words: readonly string[], flags: Given, env: Environment): Promise<void> {
  for (const flag of flags.keys()) {
    if (flag !== "data") throw new UsageError(`--${flag} is not an option of backup.`);
  }
  const [file, ...rest] = words;
  if (file === undefined || rest.length > 0) throw new UsageError("Say where to: backup FILE.");
  const folder = readDataFolder(flags, env);
  const target = resolve(file);
  copy(folder, target);
  await print(`${target}: ${statSync(target).size} bytes, checked\n`);
  const others = otherFiles(folder);
  if (others.length > 0) await print(`Keep with it, from ${folder}: ${others.join(", ")}\n`);
}

/** Opens the database as it is: a backup must not migrate the tables of a server that is still running. */
function copy(folder: string, target: string): void {
  const source = join(folder, databaseName);
  if (!existsSync(source)) throw new CommandFailure(`There is no database in ${folder}. Name its folder with --data.`);
  if (existsSync(target)) throw new CommandFailure(`${target} is there already. Name a new file.`);
  try {
    const database = new DatabaseSync(source, { timeout: busyMs });
    try {
      copyDatabase(database, target);
    } finally {
      database.close();
    }
  } catch (error) {
    throw new CommandFailure(
      `${source} cannot be copied to ${target} (${messageOf(error)}). Check the rights, the free space, and that the ` +
        "folder is there.",
      { cause: error },
    );
  }
}

const busyMs = 5_000;
/** The database with its side files and old versions, the logs, the lock, and the files that every start writes. */
const ownFiles = /^(chat-room\.db|server\.lock|audit\.log|rendezvous\.|address$)/;

function otherFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !ownFiles.test(name))
    .sort();
}
