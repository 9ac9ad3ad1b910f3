// What the threads beside the daemon's own do with a history file, as plain data. All of them run the same program: one
// thread reads for views, one looks after the file, and one may be needed before the file can be opened at all.

import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import type { ExportParams, ExportPart } from "../import/export.ts";
import type { ImportOwner } from "../import/import-stage.ts";
import type { Merged } from "../merge/merge.ts";
import type { Page, MessageWindow } from "../event-reader.ts";
import type { Found, SearchParams } from "../search/search.ts";

/** By its kind: what a job needs beside the file, and what it answers. */
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
  /** Undefined if it was given up. */
  readonly search: { readonly params: SearchParams; readonly answer: Found | undefined };
  readonly export: { readonly params: ExportParams; readonly answer: ExportPart };
  /** Takes in what the index of the search lacks. */
  readonly index: { readonly params: object; readonly answer: undefined };
  /** Reads the whole file. Answers what is wrong with it. */
  readonly check: { readonly params: { nowMs: number }; readonly answer: string | undefined };
  /** Takes what was deleted out of the file. Answers which conversations are gone now. */
  readonly purge: { readonly params: object; readonly answer: ConversationId[] };
  /** Takes out what was sent before that time. Answers of which conversations. */
  readonly trim: { readonly params: { beforeMs: number }; readonly answer: ConversationId[] };
  /** Carries the log beside the file over into it. */
  readonly checkpoint: { readonly params: object; readonly answer: undefined };
  /** Adds lines of an import to a database that is made with the first of them. Answers why one is wrong. */
  readonly stage: {
    readonly params: { lines: readonly string[]; number: number; owner: ImportOwner };
    readonly answer: string | undefined;
  };
  /** All lines were added: the database is closed. Answers why that is not all of them. */
  readonly staged: { readonly params: object; readonly answer: string | undefined };
  /** Brings a file of an older version to the present one. Nobody else has it open. */
  readonly prepare: { readonly params: { owner: UserKey }; readonly answer: undefined };
  /** Takes all of another history in. Nobody else has either open. */
  readonly merge: { readonly params: { owner: UserKey; source: string }; readonly answer: Merged };
}

export type JobKind = keyof Jobs;
export type ParamsOf<Kind extends JobKind> = Jobs[Kind]["params"];
export type AnswerOf<Kind extends JobKind> = Jobs[Kind]["answer"];

/** To the thread. */
export interface Asked {
  readonly id: number;
  readonly kind: JobKind;
  readonly params: object;
}

/** From it: one for each. */
export type Answered =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  /** `errcode`: SQLite's, by which damage and a full disk are told. */
  | { readonly id: number; readonly ok: false; readonly message: string; readonly errcode?: number };

export interface ThreadData {
  /** Of the database. */
  readonly path: string;
  /** The id of a job that nobody waits for any more, at its place (`givenUpAt`). */
  readonly givenUp: Int32Array;
}

const places = 256;

export function createGivenUp(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));
}

/** Where the id of that job stands if it was given up. */
export function givenUpAt(id: number): number {
  return id % places;
}
