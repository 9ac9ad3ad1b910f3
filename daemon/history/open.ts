// Finds and opens the history of an account: one folder for each, named so that a person recognises it and no name can
// leave the home. A damaged file is set aside, never deleted, and that is said.

import { createHash } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ensurePrivateFolder } from "../../base/home.ts";
import { CorruptDatabase, openDatabase, setAside } from "../../base/sqlite.ts";
import type { Account } from "../../protocol/editor/model.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Loaded } from "../core/ports.ts";
import { History } from "./history.ts";
import { historyMigrations } from "./schema.ts";

export interface OpenedHistory {
  readonly history: History;
  /** What it says. */
  readonly loaded: Loaded;
  /** Where a damaged file is now. */
  readonly setAside: string | undefined;
}

/**
 * @throws with a sentence, or with what the file system says
 */
export function openHistory(home: string, account: Account, nowMs: number): OpenedHistory {
  const folder = accountFolder(home, account);
  ensurePrivateFolder(join(home, "accounts"));
  takeFormerFolder(folder, join(home, "accounts", folderName(account, formerKeyOf(account.user))));
  ensurePrivateFolder(folder);
  const path = join(folder, "history.db");
  const owner = keyOfName(account.user);
  try {
    return { ...read(path, owner), setAside: undefined };
  } catch (error) {
    if (!(error instanceof CorruptDatabase)) throw error;
    const aside = setAside(path, new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-"));
    return { ...read(path, owner), setAside: aside };
  }
}

function read(path: string, owner: UserKey): { readonly history: History; readonly loaded: Loaded } {
  const history = new History(openDatabase(path, historyMigrations), owner);
  try {
    return { history, loaded: history.load() };
  } catch (error) {
    history.dispose();
    throw error;
  }
}

/** Where what belongs to that account lies. */
export function accountFolder(home: string, account: Account): string {
  return join(home, "accounts", folderName(account, keyOfName(account.user)));
}

/** The one that was made when names had other keys, unless there is one by the present key. */
function takeFormerFolder(folder: string, former: string): void {
  if (former !== folder && existsSync(former) && !existsSync(folder)) renameSync(former, folder);
}

/** What `keyOfName` was before it was full case folding. */
function formerKeyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFKC");
}

function folderName(account: Account, key: string): string {
  const readable = key.replaceAll(/[^a-z0-9_-]/g, "").slice(0, 24);
  const hash = createHash("sha256").update(`${account.server}\n${key}`).digest("hex").slice(0, 12);
  return readable === "" ? hash : `${readable}-${hash}`;
}
