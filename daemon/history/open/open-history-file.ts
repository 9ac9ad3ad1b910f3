// Opens the history of an account, quickly however long it is: another thread first does what takes longer (a file of an
// older version, folders of one account under several addresses, a log that a crash left behind). A damaged file is set
// aside, never deleted; its unsent messages are recovered.

import { join } from "node:path";
import { openDatabase } from "../../../base/sqlite.ts";
import type { Account } from "../../../protocol/api/model.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { LoadedHistory } from "../../core/ports.ts";
import type { Aside, HistoryFile } from "./history-file.ts";
import { findFolder } from "./folders.ts";
import type { Servers } from "./folders.ts";
import { History } from "../history.ts";
import { finishReplacement, replaceDamaged } from "./replace.ts";
import { historyMigrations } from "../schema.ts";
import { mergeFolder } from "../merge/merge-folders.ts";
import { prepare, preparationOf } from "../thread/prepare.ts";
import { isDamage } from "./storage-errors.ts";
import type { FileState } from "../upkeep/upkeep-state.ts";

export interface OpenedHistory {
  readonly history: History;
  readonly file: HistoryFile;
  /** The state in which the file was found. */
  readonly found: FileState;
  /** The contents of the history. */
  readonly loaded: LoadedHistory;
  /** The new path of a damaged file, and how many unsent messages were recovered from it. */
  readonly setAside: { readonly path: string; readonly unsent: number } | undefined;
  /** Other folders of the same account that could not be merged now. */
  readonly unmerged: readonly Unmerged[];
}

export interface Unmerged {
  readonly folder: string;
  readonly why: string;
}

export interface Opening {
  readonly account: Account;
  readonly nowMs: number;
  /** The file is known to be damaged, and is set aside without being opened. */
  readonly damaged?: boolean;
  /** Called before something that takes seconds. */
  readonly onSlow?: () => void;
}

/** Opens a history. @throws a sentence, or an error of SQLite or the file system */
export type OpenHistory = (opening: Opening) => Promise<OpenedHistory>;

export interface OpenerParts {
  /** The person's private folder. */
  readonly home: string;
  /** The keys of the servers. */
  readonly servers: Servers;
  readonly aside: Aside;
}

export function createOpener({ home, servers, aside }: OpenerParts): OpenHistory {
  return async ({ account, nowMs, damaged = false, onSlow }) => {
    const owner = keyOfName(account.user);
    const { folder, others } = findFolder(home, account, servers);
    const file: HistoryFile = { folder, path: join(folder, "history.db"), owner };
    const replaced = finishReplacement(file.path);
    const unmerged: Unmerged[] = [];
    for (const other of others) {
      const why = await mergeFolder(file, other, { nowMs, aside, onSlow });
      if (why !== undefined) unmerged.push({ folder: other, why });
    }
    const preparation = preparationOf(file.path);
    if (preparation === "long") {
      onSlow?.();
      await unlessDamaged(() => aside(file.path, "prepare", { owner }));
    } else if (preparation === "short") await unlessDamaged(() => prepare(file.path, owner));
    if (damaged && replaced === undefined) return { ...afresh(file, nowMs), unmerged };
    try {
      const opened = read(file);
      return { ...opened, setAside: replaced === undefined ? undefined : asideOf(replaced, opened), unmerged };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { ...afresh(file, nowMs), unmerged };
    }
  };
}

/** Runs the work, ignoring damage: it is detected when the file is opened. */
async function unlessDamaged(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

function afresh(file: HistoryFile, nowMs: number): Omit<OpenedHistory, "unmerged"> {
  const path = replaceDamaged(file, nowMs);
  const opened = read(file);
  return { ...opened, setAside: asideOf(path, opened) };
}

/** Describes the damaged file; the new history contains only the recovered messages. */
function asideOf(path: string, { loaded }: Pick<OpenedHistory, "loaded">): NonNullable<OpenedHistory["setAside"]> {
  return { path, unsent: loaded.outbox.length };
}

function read(file: HistoryFile): Omit<OpenedHistory, "setAside" | "unmerged"> {
  const database = openDatabase(file.path, historyMigrations, { checked: false, forgets: true });
  let history: History | undefined;
  try {
    history = new History(database, file.owner);
    const loaded = history.load();
    return { history, file, loaded, found: history.take() };
  } catch (error) {
    if (history) history.dispose();
    else database.close();
    throw error;
  }
}
