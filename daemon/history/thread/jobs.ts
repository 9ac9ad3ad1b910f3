// The jobs of the daemon's threads on a history file, as plain data. All threads run the same program: one reads for views,
// one does the upkeep of the file, and one may be needed before the file can be opened at all.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import type { ExportParams, ExportPart } from "../import/export.ts";
import type { ImportOwner } from "../import/import-stage.ts";
import type { Merged } from "../merge/merge.ts";
import type { Page, MessageWindow } from "../event-reader.ts";
import type { Found, SearchParams } from "../search/search.ts";

/** The parameters of each kind of job besides the file, and its answer. */
export interface Jobs {
  readonly page: {
    readonly params: { conversation: ConversationId; before: number | undefined; limit: number };
    readonly answer: Page;
  };
  readonly pageAfter: {
    readonly params: { conversation: ConversationId; after: number; limit: number };
    readonly answer: Page;
  };
  readonly around: {
    readonly params: { conversation: ConversationId; seq: number; limit: number };
    readonly answer: MessageWindow;
  };
  /** Undefined if it was cancelled. */
  readonly search: { readonly params: SearchParams; readonly answer: Found | undefined };
  readonly export: { readonly params: ExportParams; readonly answer: ExportPart };
  /** Indexes messages that the search index lacks. */
  readonly index: { readonly params: object; readonly answer: undefined };
  /** Checks the whole file. Answers what is wrong with it. */
  readonly check: { readonly params: { nowMs: number }; readonly answer: string | undefined };
  /** Removes deleted conversations from the file. Answers which conversations are gone now. */
  readonly purge: { readonly params: object; readonly answer: ConversationId[] };
  /** Removes messages that were sent before that time. Answers from which conversations. */
  readonly trim: { readonly params: { beforeMs: number }; readonly answer: ConversationId[] };
  /** Moves the log (WAL) next to the file into it. */
  readonly checkpoint: { readonly params: object; readonly answer: undefined };
  /** Adds lines of an import to a database, which is created with the first of them. Answers why a line is invalid. */
  readonly stage: {
    readonly params: { lines: readonly string[]; number: number; owner: ImportOwner };
    readonly answer: string | undefined;
  };
  /** Ends an import after its last line and closes the database. Answers why the file is incomplete. */
  readonly staged: { readonly params: object; readonly answer: string | undefined };
  /** Brings a file of an older version to the current one. Nobody else has it open. */
  readonly prepare: { readonly params: { owner: UserKey }; readonly answer: undefined };
  /** Merges all of another history. Nobody else has either file open. */
  readonly merge: { readonly params: { owner: UserKey; source: string }; readonly answer: Merged };
}

export type JobKind = keyof Jobs;
export type ParamsOf<Kind extends JobKind> = Jobs[Kind]["params"];
export type AnswerOf<Kind extends JobKind> = Jobs[Kind]["answer"];

/** A message to the thread. */
export interface Asked {
  readonly id: number;
  readonly kind: JobKind;
  readonly params: object;
}

/** A message from the thread: one answer per job. */
export type Answered =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  /** `errcode`: SQLite's, which distinguishes damage from a full disk. */
  | { readonly id: number; readonly ok: false; readonly message: string; readonly errcode?: number };

export interface ThreadData {
  /** The path of the database. */
  readonly path: string;
  /** The ids of cancelled jobs, each at its place (`givenUpAt`). */
  readonly givenUp: Int32Array;
}

const places = 256;

export function createGivenUp(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));
}

/** Returns the place at which the id of that job is stored if it was cancelled. */
export function givenUpAt(id: number): number {
  return id % places;
}
