// What comes before the server is there, in real processes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { skip } from "../../../support/skip.ts";

const source = fileURLToPath(new URL("../../../../server/operations/early-events.ts", import.meta.url));

describe("a SIGHUP", () => {
  let child: ChildProcess;

  before(function () {
    if (process.platform === "win32") skip(this, "Windows has no signals");
  });
  afterEach(() => child.kill("SIGKILL"));

  /**
   * @param script goes on at the first line of stdin, and prints what happens
   * @param hangups come before that
   */
  async function start(script: string, hangups: number): Promise<AsyncIterator<string>> {
    const program = `
      import { once } from "node:events";
      import { EarlyEvents } from ${JSON.stringify(source)};
      const early = new EarlyEvents();
      // A signal that is waited for keeps no process alive.
      const alive = setInterval(() => undefined, 1_000);
      for (let n = 0; n < ${hangups}; n += 1) {
        console.log("next");
        await once(process, "SIGHUP");
      }
      console.log("begun");
      await once(process.stdin, "data");
      clearInterval(alive);
      ${script}
    `;
    child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    assert.ok(child.stdout);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (let n = 0; n < hangups; n += 1) {
      assert.equal((await lines.next()).value, "next");
      child.kill("SIGHUP");
    }
    assert.equal((await lines.next()).value, "begun");
    return lines;
  }

  const goOn = () => child.stdin?.write("\n");

  it("that comes before the server is there does not end it, and is told later, once", async () => {
    const lines = await start(`early.onHangup(() => console.log("told")); console.log("there");`, 2);
    goOn();
    assert.deepEqual([(await lines.next()).value, (await lines.next()).value], ["told", "there"]);
    child.kill("SIGHUP");
    assert.equal((await lines.next()).value, "told");
  });

  it("is not told if none came", async () => {
    const lines = await start(`early.onHangup(() => console.log("told")); console.log("there");`, 0);
    goOn();
    assert.equal((await lines.next()).value, "there");
  });

  it("ends a command that does not serve, as ever, also if it came before", async () => {
    for (const hangups of [1, 0]) {
      const released = `setImmediate(() => setImmediate(() => console.log("released")))`;
      const lines = await start(`early.release(); setInterval(() => undefined, 1_000); ${released};`, hangups);
      const ended = once(child, "exit");
      goOn();
      if (hangups === 0) {
        assert.equal((await lines.next()).value, "released");
        child.kill("SIGHUP");
      }
      assert.deepEqual(await ended, [null, "SIGHUP"]);
    }
  });
});
