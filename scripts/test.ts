// `npm test`: builds what is tested, prepares what the tests need, runs every suite, and ends with one line of totals.
// `npm test -- unit integration` runs only the named suites; `--large` runs the chaos suite at the scale for a release.
// Tests that start a server, a daemon or the command line start the bundles that are shipped.
//
// Two thirds of the time of the chaos suite, and of integration, are spent waiting for deadlines. So chaos runs beside the
// suites that start no editor and no browser; its output is printed when both have ended.

import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisedRuntimes } from "../test/support/runtimes.ts";
import type { Totals } from "../test/support/totals-reporter.ts";
import { makePackage } from "./package.ts";
import { exitCodeOf, root, toolFile } from "./run.ts";

/** What test/support starts instead of the sources. */
const bundles = {
  CHAT_ROOM_TEST_SERVER: join(root, "dist", "server.js"),
  CHAT_ROOM_TEST_DAEMON: join(root, "dist", "daemon.js"),
  CHAT_ROOM_TEST_CLI: join(root, "dist", "cli.js"),
};
const suites: Readonly<Record<string, readonly string[]>> = {
  unit: [...mochaOn("test/unit/**/*.test.ts"), "--timeout", "10000"],
  contract: [...mochaOn("test/contract/**/*.test.ts"), "--timeout", "20000"],
  // On the oldest and on the newest supported Node.
  runtimes: [...mochaOn("test/contract/**/*.test.ts"), "--timeout", "40000"],
  integration: [...mochaOn("test/integration/**/*.test.ts"), "--timeout", "60000"],
  editor: ["test/support/vscode/run-editor-tests.ts"],
  e2e: [...mochaOn("test/e2e/**/*.test.ts"), "--timeout", "120000"],
  chaos: [...mochaOn("test/chaos/**/*.test.ts"), "--timeout", "600000"],
};

const fillsEveryCore = new Set(["editor", "e2e"]);

const scale = process.argv.includes("--large") ? { CHAT_ROOM_CHAOS: "large" } : {};

function mochaOn(spec: string): string[] {
  return [toolFile("mocha"), spec];
}

async function main(): Promise<void> {
  const chosen = process.argv.slice(2).filter((word) => word !== "--large");
  const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) throw new Error(`There is no suite ${unknown.join(", ")}: ${Object.keys(suites).join(", ")}`);
  const names = chosen.length > 0 ? chosen : Object.keys(suites);

  await makePackage("--tests");

  const folder = mkdtempSync(join(tmpdir(), "chat-room-totals-"));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const count = (totals: Totals): void => {
    sum.passed += totals.passed;
    sum.failed += totals.failed;
    sum.skipped += totals.skipped;
  };
  const run = async (name: string): Promise<void> => {
    if (name === "runtimes") {
      await runOnOtherNodes(folder, count);
      return;
    }
    console.log(`\n=== ${name}`);
    count(await runSuite(suites[name] ?? [], join(folder, name)));
  };
  try {
    const quiet = names.filter((name) => !fillsEveryCore.has(name) && name !== "chaos");
    const together = quiet.length > 0 && names.includes("chaos") && availableParallelism() > 1;
    const outputFile = join(folder, "output");
    const chaos = together ? runSuite(suites["chaos"] ?? [], join(folder, "chaos"), outputFile) : undefined;
    for (const name of quiet) await run(name);
    if (chaos) {
      count(await chaos);
      console.log(`\n=== chaos\n${readFileSync(outputFile, "utf8")}`);
    }
    for (const name of names) if (!quiet.includes(name) && !(together && name === "chaos")) await run(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (process.env["CI"] !== undefined && sum.skipped > 0) console.log("A test was skipped; on CI that is a failure.");
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`);
  if (sum.failed > 0 || sum.passed === 0 || (process.env["CI"] !== undefined && sum.skipped > 0)) process.exitCode = 1;
}

async function runOnOtherNodes(folder: string, count: (totals: Totals) => void): Promise<void> {
  const runtimes = await promisedRuntimes();
  if (!runtimes) {
    console.log("\n=== runtimes: skipped, the registry has other Nodes for Linux on x64 only");
    count({ passed: 0, failed: 0, skipped: 1 });
    return;
  }
  for (const { version, program, flags } of runtimes) {
    console.log(`\n=== contract on Node ${version}`);
    const file = join(folder, `node-${version}`);
    count(await runSuite([...flags, ...(suites["runtimes"] ?? [])], file, undefined, program));
  }
}

/**
 * Runs a suite. One that ends badly without a failed test (it crashed, it never ran) counts as one failure.
 * @param outputFile receives its output; otherwise that is passed through
 */
async function runSuite(
  args: readonly string[],
  totalsFile: string,
  outputFile?: string,
  program: string = process.execPath,
): Promise<Totals> {
  const output = outputFile === undefined ? ("inherit" as const) : openSync(outputFile, "w");
  const code = await exitCodeOf(program, args, {
    stdio: ["inherit", output, output],
    env: { ...process.env, ...bundles, ...scale, CHAT_ROOM_TEST_TOTALS: totalsFile },
  });
  if (output !== "inherit") closeSync(output);
  const lines = existsSync(totalsFile) ? readFileSync(totalsFile, "utf8").trim().split("\n") : [];
  const totals = lines.map((line) => JSON.parse(line) as Totals);
  const sum = (field: keyof Totals): number => totals.reduce((total, each) => total + each[field], 0);
  const failed = sum("failed");
  const endedWell = code === 0 && totals.length > 0;
  return { passed: sum("passed"), failed: endedWell ? failed : Math.max(failed, 1), skipped: sum("skipped") };
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
});
