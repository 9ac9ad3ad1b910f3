// Problem: VS Code reports success, exit code 0, when its extension host dies in the middle of a test.
// Approach: VS Code gets a small module of ours as the tests. It runs the real module and writes a file once its `run()`
// has resolved. Success without that file is a failure.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface TestEntry {
  /** The module to pass to VS Code as the tests. */
  readonly path: string;
  /** Returns VS Code's exit code, or throws if the tests never reached their end. */
  verdict(exitCode: number): number;
}

/** Writes the module into `folder`, which outlives the run. */
export async function writeTestEntry(folder: string, testsPath: string): Promise<TestEntry> {
  const path = join(folder, "test-entry.cjs");
  const note = join(folder, "tests-passed");
  await writeFile(
    path,
    `exports.run = async () => {
      await require(${JSON.stringify(testsPath)}).run();
      require("node:fs").writeFileSync(${JSON.stringify(note)}, "");
    };\n`,
  );
  return {
    path,
    verdict: (exitCode) => {
      if (exitCode === 0 && !existsSync(note)) {
        throw new Error("the extension host ended before the tests did (a crash, or a call of process.exit)");
      }
      return exitCode;
    },
  };
}
