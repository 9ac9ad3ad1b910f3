// What the admin commands have in common: the database of a data folder, open for one short piece of work beside a running
// server, and failures as sentences.

import type { DatabaseSync } from "node:sqlite";
import { databaseProblem } from "../start-failure.ts";
import { openServerDatabase } from "../storage/store.ts";

/** A sentence for the operator; the program ends with exit code 1. */
export class CommandFailure extends Error {}

/** @throws CommandFailure */
export function withDatabase(folder: string, work: (database: DatabaseSync) => void): void {
  let database: DatabaseSync;
  try {
    database = openServerDatabase(folder);
  } catch (error) {
    throw new CommandFailure(databaseProblem(folder, error), { cause: error });
  }
  try {
    work(database);
  } finally {
    database.close();
  }
}
