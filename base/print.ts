// Writing to the two standard streams so that no error is missed: a full disk is a failure with a sentence, and a reader that
// has gone, as behind `| head`, is none. Node.js takes a short write to a file for a whole one, so files are written here.

import { fstatSync, writeSync } from "node:fs";

/** What was printed is not all there. */
export class NotPrinted extends Error {
  /** Nobody reads any more: a quiet end. */
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

/** @param done called before it returns, or later */
export function write(descriptor: 1 | 2, text: string, done: (problem: NotPrinted | undefined) => void): void {
  try {
    if (!isPlain(descriptor)) {
      const stream = descriptor === 1 ? process.stdout : process.stderr;
      // The callback has it too.
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

/** Neither a terminal nor a pipe, either of which may make a writer wait. */
function isPlain(descriptor: number): boolean {
  return fstatSync(descriptor).isFile();
}
