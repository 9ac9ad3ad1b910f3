// The file of one history, and how something is done to it that takes long.

import type { UserKey } from "../../protocol/ids.ts";
import type { AnswerOf, JobKind, ParamsOf } from "./thread/jobs.ts";

export interface HistoryFile {
  /** The account's folder. */
  readonly folder: string;
  /** Of the database. */
  readonly path: string;
  readonly owner: UserKey;
}

/** Does one job on a history that nobody has open, in another thread. */
export type Aside = <Kind extends JobKind>(path: string, kind: Kind, params: ParamsOf<Kind>) => Promise<AnswerOf<Kind>>;
