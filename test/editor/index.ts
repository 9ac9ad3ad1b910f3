// Entry of the tests inside VS Code's extension host: esbuild bundles it to dist/test/index.js, VS Code calls run().
// A real server, a real daemon, a real window; only the answers to questions are given by a stand-in.

import { appendFileSync } from "node:fs";
import Mocha from "mocha";
import type { Totals } from "../support/totals-reporter.ts";

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, forbidOnly: true });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, "", mocha);
  await import("./activation.test.ts");
  await import("./account.test.ts");
  await import("./trust.test.ts");
  await import("./talk.test.ts");
  await import("./people.test.ts");
  await import("./direct.test.ts");
  await import("./notifications.test.ts");
  await import("./contacts.test.ts");
  await import("./exchange.test.ts");
  await import("./mentions.test.ts");
  await import("./daemon.test.ts");
  const { promise: ended, resolve } = Promise.withResolvers<number>();
  const engine = mocha.run(resolve);
  const failures = await ended;
  report({ passed: engine.stats?.passes ?? 0, failed: failures, skipped: engine.stats?.pending ?? 0 });
  if (failures > 0) throw new Error(`${failures} of the tests in VS Code failed`);
}

/** As test/support/totals-reporter.ts does outside of VS Code. */
function report(totals: Totals): void {
  const file = process.env["CHAT_ROOM_TEST_TOTALS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(totals)}\n`);
}
