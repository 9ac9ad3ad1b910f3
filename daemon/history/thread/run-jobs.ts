// The program of a thread: takes jobs on one history file and answers each once. Reading jobs run at once, one after the
// other. Jobs that change the file run in steps of a few milliseconds, with pauses in which the daemon can write and other
// jobs can run.

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { createStage, firstLine, ImportStage, lostStage } from "../import/import-stage.ts";
import { mergeHistory } from "../merge/merge.ts";
import type { Answered, Asked, JobKind, ParamsOf, AnswerOf, ThreadData } from "./jobs.ts";
import { givenUpAt } from "./jobs.ts";
import { Upkeep } from "./upkeep-jobs.ts";
import { prepare } from "./prepare.ts";
import { ReadJobs } from "./read-jobs.ts";

type JobHandlers = {
  readonly [Kind in JobKind]: (params: ParamsOf<Kind>, id: number) => AnswerOf<Kind> | Promise<AnswerOf<Kind>>;
};

/** Serves jobs; keeps the thread running as long as the daemon needs it. */
export function serveHistory(): void {
  const { path, givenUp } = workerData as ThreadData;
  const port = parentPort;
  if (!port) throw new Error("this is to run in a thread");
  const performers = createJobHandlers(path, (id) => Atomics.load(givenUp, givenUpAt(id)) === id);
  port.on("message", (asked: Asked) => {
    void answer(performers, asked).then((answered) => port.postMessage(answered));
  });
}

async function answer(performers: JobHandlers, { id, kind, params }: Asked): Promise<Answered> {
  try {
    // The type of `HistoryThread.ask` ensures that kind and parameters match.
    const perform = performers[kind] as (params: object, id: number) => unknown;
    return { id, ok: true, answer: await perform(params, id) };
  } catch (error) {
    const errcode = error instanceof Error && "errcode" in error ? error.errcode : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { id, ok: false, message, ...(typeof errcode === "number" ? { errcode } : {}) };
  }
}

function createJobHandlers(path: string, isGivenUp: (id: number) => boolean): JobHandlers {
  let reading: ReadJobs | undefined;
  let keeping: Upkeep | undefined;
  let staging: ImportStage | undefined;
  const read = (): ReadJobs => (reading ??= new ReadJobs(new DatabaseSync(path, { readOnly: true })));
  const keep = (): Upkeep => (keeping ??= new Upkeep(new DatabaseSync(path)));
  /**
   * Returns the current import. One that an earlier thread started cannot be continued: part of its data was lost with that
   * thread.
   */
  const stage = (): ImportStage => {
    if (!staging) throw new Error(lostStage);
    return staging;
  };
  return {
    page: (params) => read().page(params),
    pageAfter: (params) => read().pageAfter(params),
    around: (params) => read().around(params),
    search: (params, id) => read().search(params, () => isGivenUp(id)),
    export: (params) => read().export(params),
    stage: ({ lines, number, owner }) => {
      if (number === firstLine) staging = new ImportStage(createStage(path), owner);
      return stage().add(lines, number);
    },
    staged: () => {
      const wrong = stage().finish();
      if (!existsSync(path)) throw new Error(lostStage);
      return wrong;
    },
    index: () => keep().index(),
    check: ({ nowMs }) => keep().check(nowMs),
    purge: () => keep().purge(),
    trim: ({ beforeMs }) => keep().trim(beforeMs),
    checkpoint: () => keep().checkpoint(),
    merge: ({ owner, source }) => mergeHistory(path, source, owner),
    prepare: ({ owner }) => prepare(path, owner),
  };
}
