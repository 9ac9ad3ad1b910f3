// Mocha's spec report. Also appends the totals as one JSON line to the file named by CHAT_ROOM_TEST_TOTALS, so that a run
// of several suites (here, in VS Code's extension host) ends with one correct sum.

import { appendFileSync } from "node:fs";
import Mocha from "mocha";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A socket or timer that a test left open would keep the run from ending forever. */
const exitTimeoutMs = 60_000;

export default class TotalsReporter extends Mocha.reporters.Spec {
  constructor(engine: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(engine, options);
    engine.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env["CHAT_ROOM_TEST_TOTALS"];
      const { passes, failures, pending } = this.stats;
      const totals: Totals = { passed: passes, failed: failures, skipped: pending };
      if (file === undefined) return;
      appendFileSync(file, `${JSON.stringify(totals)}\n`);
      setTimeout(endWithReason, exitTimeoutMs).unref();
    });
  }
}

function endWithReason(): void {
  const open = process.getActiveResourcesInfo().join(", ");
  console.error(`The tests ended a minute ago, but the process does not. Still open: ${open}`);
  // Mocha's own listener runs before this one and sets the number of failed tests.
  process.once("exit", () => (process.exitCode = 1));
  process.exit();
}
