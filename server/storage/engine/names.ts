// Keys and skeletons of accounts follow rules that a new version may change, and old or hand-made rows may lack them. Every
// start updates the rows. If two accounts share a key under new rules, both stay: the earlier one has the key, the later
// one is found by its exact name.

import type { DatabaseSync } from "node:sqlite";
import { transact } from "../../../base/sqlite.ts";
import type { Log } from "../../core/ports.ts";
import type { NameRules } from "../name-rules.ts";
import { integerOf, optionalTextOf, textOf } from "../row.ts";

/** Occurs in no name: what follows makes a key that no spelling of a name produces. */
const exactOnlyMark = "\u{10ffff}";

const all = "SELECT id, name, key, skeleton, written_skeleton FROM account ORDER BY id";

interface Change {
  readonly id: number;
  readonly key: string;
  readonly skeletons: readonly string[];
}

/** @throws the error of SQLite; then nothing has changed */
export function settleNames(database: DatabaseSync, rules: NameRules, log: Log): void {
  const changes: Change[] = [];
  const taken = new Map<string, string>();
  for (const row of database.prepare(all).iterate()) {
    const [id, name] = [integerOf(row, "id"), textOf(row, "name")];
    const [wanted, skeletons] = [rules.keyOf(name), rules.skeletonsOf(name)];
    const earlier = taken.get(wanted);
    const key = earlier === undefined ? wanted : `${wanted}${exactOnlyMark}${id}`;
    taken.set(key, name);
    const [skeleton, written] = [optionalTextOf(row, "skeleton"), optionalTextOf(row, "written_skeleton")];
    if (textOf(row, "key") === key && skeleton === skeletons[0] && written === skeletons[1]) continue;
    changes.push({ id, key, skeletons });
    if (earlier !== undefined) log.warn("names_clash", { user: name, other: earlier });
  }
  if (changes.length > 0) apply(database, changes);
}

/** Keys are unique at every moment, so all that change are cleared before the first new one is set. */
function apply(database: DatabaseSync, changes: readonly Change[]): void {
  const clear = database.prepare("UPDATE account SET key = ? WHERE id = ?");
  const set = database.prepare("UPDATE account SET key = ?, skeleton = ?, written_skeleton = ? WHERE id = ?");
  transact(database, () => {
    for (const { id } of changes) clear.run(`${exactOnlyMark}${id}`, id);
    for (const { id, key, skeletons } of changes) set.run(key, skeletons[0] ?? null, skeletons[1] ?? null, id);
  });
}
