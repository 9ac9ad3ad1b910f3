// The file of one history, and how long jobs are run on it.

import { statSync } from "node:fs";
import type { UserKey } from "../../../protocol/ids.ts";
import type { AnswerOf, JobKind, ParamsOf } from "../thread/jobs.ts";

export interface HistoryFile {
  /** The account's folder. */
  readonly folder: string;
  /** The path of the database. */
  readonly path: string;
  readonly owner: UserKey;
}

/** Returns the size in bytes, including the log (WAL) next to it; 0 if there is no file. */
export function sizeOf(path: string): number {
  const sizes = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Runs one job in another thread, on a history that nobody has open. */
export type Aside = <Kind extends JobKind>(path: string, kind: Kind, params: ParamsOf<Kind>) => Promise<AnswerOf<Kind>>;
