// The output of this process, and what becomes of the command where it cannot be written. Whoever reads may stop before the end,
// as `head` does: a quiet end. What cannot be written otherwise, as on a full disk, is said once, and the command has failed.

import { NotPrinted, write } from "../../base/print.ts";
import { Output } from "./output.ts";

/** @param goesOn what the command does counts, whether or not anybody reads what it says */
export function openOutput(json: boolean, goesOn: boolean): Output {
  let isTold = false;
  const output: Output = new Output(json, (stream, text) => {
    if (stream === "out") write(1, text, (problem) => problem && notPrinted(problem));
    else write(2, text, (problem) => problem && notSaid(problem));
  });
  const notPrinted = (problem: NotPrinted): void => {
    if (!problem.readerGone && !isTold) {
      isTold = true;
      failAtEnd();
      output.failure({ code: "unavailable", reason: problem.message });
    }
    if (!goesOn) process.exit();
  };
  // Of what is written to the stream itself.
  process.stdout.on("error", (error: Error) => notPrinted(new NotPrinted(error)));
  return output;
}

/** There is nowhere to say it. */
function notSaid(problem: NotPrinted): void {
  if (!problem.readerGone) failAtEnd();
}

function failAtEnd(): void {
  process.once("exit", () => (process.exitCode ||= 1));
}
