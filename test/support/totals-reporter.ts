// Mocha's spec report, and the totals as one JSON line added to the file that CHAT_ROOM_TEST_TOTALS names, so that a run
// of several suites (here, in VS Code's extension host) ends with one true sum.

import { appendFileSync } from "node:fs";
import Mocha from "mocha";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A socket or timer that a test left open would keep the run from ending for ever. */
const lingerMs = 60_000;

export default class TotalsReporter extends Mocha.reporters.Spec {
  constructor(engine: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(engine, options);
    engine.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env["CHAT_ROOM_TEST_TOTALS"];
      const { passes, failures, pending } = this.stats;
      const totals: Totals = { passed: passes, failed: failures, skipped: pending };
      if (file === undefined) return;
      appendFileSync(file, `${JSON.stringify(totals)}\n`);
      setTimeout(endWithReason, lingerMs).unref();
    });
  }
}

function endWithReason(): void {
  const open = process.getActiveResourcesInfo().join(", ");
  console.error(`The tests ended a minute ago, but the process does not. Still open: ${open}`);
  // Mocha's own listener, which is before this one, puts the number of failed tests there.
  process.once("exit", () => (process.exitCode = 1));
  process.exit();
}
