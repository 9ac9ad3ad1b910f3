// Reasons why the server or a command cannot do its work: sentences that tell the operator what to do.

import { messageOf } from "../../base/error-message.ts";
import { CorruptDatabase, FailedMigration, NewerDatabase, OlderDatabase } from "../../base/sqlite.ts";

/** The program exits with `exitCode`. */
export class StartFailure extends Error {
  /** 1: another try may succeed. 3: a person has to fix something first, so a supervisor should not try again. */
  readonly exitCode: 1 | 3;

  constructor(sentence: string, options: ErrorOptions & { readonly exitCode?: 1 | 3 } = {}) {
    super(sentence, options);
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Says what the operator can do about a data folder that does not open. */
export function databaseFailure(folder: string, error: unknown): StartFailure {
  if (error instanceof StartFailure) return error;
  const sentence = mustBeMended(error);
  if (sentence !== undefined) return new StartFailure(sentence, { cause: error, exitCode: 3 });
  return new StartFailure(
    `The database in ${folder} cannot be opened (${messageOf(error)}). Check the folder's owner, rights and free space.`,
    { cause: error },
  );
}

function mustBeMended(error: unknown): string | undefined {
  if (error instanceof CorruptDatabase) {
    return `${error.message}. Restore the data folder from a backup, or move the file away to start with an empty one.`;
  }
  if (error instanceof NewerDatabase) return error.message;
  if (error instanceof OlderDatabase) {
    return `${error.message}. Start the server once, which brings it forward, and try again.`;
  }
  if (error instanceof FailedMigration) {
    return `${error.message}. Nothing was changed: go on with the version before, and report this.`;
  }
  return undefined;
}

/** @param option the option that chooses the port, such as `--port` */
export function listenFailure(host: string, port: number, option: string, error: unknown): StartFailure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const advice: Record<string, string> = {
    EADDRINUSE: `Another program uses that port: stop it, or choose another one with ${option} (0 takes any free one).`,
    EACCES: `This user may not use that port: choose one above 1023 with ${option}.`,
    EADDRNOTAVAIL: "This machine does not have that address: choose another one with --host.",
  };
  const known = typeof code === "string" ? advice[code] : undefined;
  return new StartFailure(`Cannot listen on ${host}, port ${port}. ${known ?? messageOf(error)}`, { cause: error });
}
