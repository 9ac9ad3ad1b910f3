// The commands `user add|passwd|remove|list`. They write to the same SQLite file as a running server, in one short
// transaction each; the server sees it before its next request. The password never comes from an argument.

import type { DatabaseSync } from "node:sqlite";
import type { Environment } from "../../base/home.ts";
import { transact } from "../../base/sqlite.ts";
import { limits } from "../../protocol/limits.ts";
import { checkName, keyOfName } from "../../protocol/names.ts";
import { readDataFolder, UsageError } from "../config.ts";
import type { Given } from "../config.ts";
import { createPasswords } from "../storage/passwords.ts";
import { integerOf, textOf } from "../storage/row.ts";
import { CommandFailure, withDatabase } from "./data-folder.ts";
import { askPassword, readPassword } from "./password.ts";

/** @throws UsageError, CommandFailure */
export async function runUserCommand(words: readonly string[], flags: Given, env: Environment): Promise<void> {
  const [action, name, ...rest] = words;
  for (const flag of flags.keys()) {
    if (flag !== "data" && flag !== "password-stdin") throw new UsageError(`--${flag} is not an option of user.`);
  }
  const folder = readDataFolder(flags, env);
  if (action === "list" && name === undefined) {
    withDatabase(folder, list);
    return;
  }
  if (action !== "add" && action !== "passwd" && action !== "remove") {
    throw new UsageError("Say what to do: user add NAME, user passwd NAME, user remove NAME, or user list.");
  }
  if (name === undefined || rest.length > 0) throw new UsageError(`Say for whom: user ${action} NAME.`);
  if (action === "remove") {
    withDatabase(folder, (database) => remove(database, name));
    return;
  }
  const password = await (flags.has("password-stdin") ? readPassword(process.stdin) : askPassword(name));
  if (password === "" || password.length > limits.maxPasswordLength) {
    throw new CommandFailure(`A password has 1 to ${limits.maxPasswordLength} characters.`);
  }
  const phc = (await createPasswords().hash(password)) ?? "";
  withDatabase(folder, (database) => (action === "add" ? add(database, name, phc) : passwd(database, name, phc)));
}

function add(database: DatabaseSync, raw: string, phc: string): void {
  const name = checkName(raw);
  if (!name.ok) throw new CommandFailure(name.reason);
  const created = database
    .prepare("INSERT INTO account (key, name, password, created_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
    .run(name.key, name.name, phc, Date.now());
  if (Number(created.changes) === 0) throw new CommandFailure(`There is a user "${name.name}" already.`);
}

/** Ends the session and its token too: whoever had the old password is out. */
function passwd(database: DatabaseSync, raw: string, phc: string): void {
  const id = idOf(database, raw);
  transact(database, () => {
    database.prepare("UPDATE account SET password = ? WHERE id = ?").run(phc, id);
    database.prepare("DELETE FROM token WHERE account = ?").run(id);
  });
}

/** Its token, blocks and mailbox go with it, by the schema. */
function remove(database: DatabaseSync, raw: string): void {
  database.prepare("DELETE FROM account WHERE id = ?").run(idOf(database, raw));
}

function list(database: DatabaseSync): void {
  for (const row of database.prepare("SELECT name FROM account ORDER BY key").iterate()) {
    process.stdout.write(`${textOf(row, "name")}\n`);
  }
}

function idOf(database: DatabaseSync, raw: string): number {
  const found = database.prepare("SELECT id FROM account WHERE key = ?").get(keyOfName(raw));
  if (!found) throw new CommandFailure(`There is no user "${raw}". See: chat-room-server user list`);
  return integerOf(found, "id");
}
