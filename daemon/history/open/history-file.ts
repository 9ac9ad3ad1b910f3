// The file of one history, and how something is done to it that takes long.

import { statSync } from "node:fs";
import type { UserKey } from "../../../protocol/ids.ts";
import type { AnswerOf, JobKind, ParamsOf } from "../thread/jobs.ts";

export interface HistoryFile {
  /** The account's folder. */
  readonly folder: string;
  /** Of the database. */
  readonly path: string;
  readonly owner: UserKey;
}

/** In bytes, with the log beside it; 0 if there is none. */
export function sizeOf(path: string): number {
  const sizes = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Does one job on a history that nobody has open, in another thread. */
export type Aside = <Kind extends JobKind>(path: string, kind: Kind, params: ParamsOf<Kind>) => Promise<AnswerOf<Kind>>;
