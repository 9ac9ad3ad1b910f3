// `npm test`: builds what is tested, provisions what the tests need, runs every suite, and ends with one line of totals.
// `npm test -- unit integration` runs only the suites that are named.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Totals } from "../test/support/totals-reporter.ts";
import { makePackage } from "./package.ts";
import { exitCodeOf, toolFile } from "./run.ts";

const suites: Readonly<Record<string, readonly string[]>> = {
  unit: [...mochaOn("test/unit/**/*.test.ts"), "--timeout", "10000"],
  contract: [...mochaOn("test/contract/**/*.test.ts"), "--timeout", "20000"],
  integration: [...mochaOn("test/integration/**/*.test.ts"), "--timeout", "60000"],
  editor: ["test/support/vscode/run-editor-tests.ts"],
  e2e: [...mochaOn("test/e2e/**/*.test.ts"), "--timeout", "120000"],
};

function mochaOn(spec: string): string[] {
  return [toolFile("mocha"), spec];
}

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) throw new Error(`There is no suite ${unknown.join(", ")}: ${Object.keys(suites).join(", ")}`);
  const names = chosen.length > 0 ? chosen : Object.keys(suites);

  await makePackage("--tests");

  const folder = mkdtempSync(join(tmpdir(), "chat-room-totals-"));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const name of names) {
      console.log(`\n=== ${name}`);
      const totals = await runSuite(suites[name] ?? [], join(folder, name));
      sum.passed += totals.passed;
      sum.failed += totals.failed;
      sum.skipped += totals.skipped;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (process.env["CI"] !== undefined && sum.skipped > 0) console.log("A test was skipped; on CI that is a failure.");
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`);
  if (sum.failed > 0 || sum.passed === 0 || (process.env["CI"] !== undefined && sum.skipped > 0)) process.exitCode = 1;
}

/** A suite that ends badly without a failed test (it crashed, it never ran) counts as one failure. */
async function runSuite(args: readonly string[], totalsFile: string): Promise<Totals> {
  const code = await exitCodeOf(process.execPath, args, {
    env: { ...process.env, CHAT_ROOM_TEST_TOTALS: totalsFile },
  });
  const lines = existsSync(totalsFile) ? readFileSync(totalsFile, "utf8").trim().split("\n") : [];
  const totals = lines.map((line) => JSON.parse(line) as Totals);
  const sum = (field: keyof Totals): number => totals.reduce((total, each) => total + each[field], 0);
  const failed = sum("failed");
  return { passed: sum("passed"), failed: code !== 0 && failed === 0 ? 1 : failed, skipped: sum("skipped") };
}

await main();
