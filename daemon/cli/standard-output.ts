// The standard output of the command line. Into a file everything goes out whole or it is an error: a single write may take a
// part only, where the disk gets full, and the stream that Node.js has for files does not notice.

import { fstatSync, writeFileSync } from "node:fs";
import { messageOf } from "../error-words.ts";

/** Ends the program with 1, with a sentence, when something cannot be written; with 0 where nobody reads any more, as `head`. */
export function watchOutput(): void {
  process.stdout.on("error", outputFailed);
}

export function print(text: string): void {
  if (!isFile()) process.stdout.write(text);
  else {
    try {
      writeFileSync(process.stdout.fd, text);
    } catch (error) {
      outputFailed(error);
    }
  }
}

/** As `print`, and settles when it has left. @throws what the file system says */
export async function printWhole(text: string): Promise<void> {
  if (isFile()) writeFileSync(process.stdout.fd, text);
  else {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

function isFile(): boolean {
  const found = fstatSync(process.stdout.fd);
  return found.isFile() || (found.isCharacterDevice() && !process.stdout.isTTY);
}

function outputFailed(error: unknown): never {
  if (error instanceof Error && "code" in error && error.code === "EPIPE") process.exit(0);
  process.stderr.write(`The standard output cannot be written: ${messageOf(error)}.\n`);
  process.exit(1);
}
