// Writes to the two standard streams so that no error is missed. A full disk is an error with a sentence; a reader that has
// gone, as in `| head`, is not an error. Node.js takes a short write to a file for a complete one, so files are written
// here.

import { fstatSync, writeSync } from "node:fs";

/** The output was not printed completely. */
export class NotPrinted extends Error {
  /** Nobody reads it any more: the program ends quietly. */
  readonly readerGone: boolean;

  constructor(cause: Error) {
    super(`The output cannot be written: ${cause.message}.`, { cause });
    this.readerGone = "code" in cause && cause.code === "EPIPE";
  }
}

/** @throws NotPrinted */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    write(1, text, (problem) => {
      if (problem) reject(problem);
      else resolve();
    });
  });
}

/** @param done called before this returns, or later */
export function write(descriptor: 1 | 2, text: string, done: (problem: NotPrinted | undefined) => void): void {
  try {
    if (!isFile(descriptor)) {
      const stream = descriptor === 1 ? process.stdout : process.stderr;
      // The callback gets the error too.
      if (!stream.listeners("error").includes(ignore)) stream.on("error", ignore);
      stream.write(text, (error) => done(error ? new NotPrinted(error) : undefined));
      return;
    }
    for (let bytes = Buffer.from(text); bytes.length > 0;) bytes = bytes.subarray(writeSync(descriptor, bytes));
  } catch (error) {
    done(new NotPrinted(error instanceof Error ? error : new Error(String(error))));
    return;
  }
  done(undefined);
}

function ignore(): void {
  // Nothing.
}

/** Whether the descriptor is neither a terminal nor a pipe; both may make a writer wait. */
function isFile(descriptor: number): boolean {
  return fstatSync(descriptor).isFile();
}
