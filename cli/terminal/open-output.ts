// The output of this process, and what happens if it cannot be written. If the reader stops early, as `head` does, the
// command ends quietly. Any other problem, for example a full disk, is reported once, and the command fails.

import { NotPrinted, write } from "../../base/print.ts";
import { Output } from "./output.ts";

/** @param goesOn the command continues even if nobody reads its output */
export function openOutput(json: boolean, goesOn: boolean): Output {
  let isReported = false;
  const output: Output = new Output(json, (stream, text) => {
    if (stream === "out") write(1, text, (problem) => problem && notPrinted(problem));
    else write(2, text, (problem) => problem && errorNotWritten(problem));
  });
  const notPrinted = (problem: NotPrinted): void => {
    if (!problem.readerGone && !isReported) {
      isReported = true;
      failAtEnd();
      output.failure({ code: "unavailable", reason: problem.message });
    }
    if (!goesOn) process.exit();
  };
  // Errors of the stream itself.
  process.stdout.on("error", (error: Error) => notPrinted(new NotPrinted(error)));
  return output;
}

/** Fails silently, because there is nowhere to report it. */
function errorNotWritten(problem: NotPrinted): void {
  if (!problem.readerGone) failAtEnd();
}

function failAtEnd(): void {
  process.once("exit", () => (process.exitCode ||= 1));
}
