// A daemon that dies when a message is on its disk and before it has said so: whoever asked does not know, and asks again.
// The kills are real, and at that very moment (dies-at-commit.ts).

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DaemonProcess, runCli } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { skip } from "../../support/skip.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

const dying = fileURLToPath(new URL("../../support/dies-at-commit.ts", import.meta.url));

describe("a message whose daemon dies before it answers", function () {
  this.timeout(90_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let b: TestView;

  beforeEach(async () => {
    ({ server, alice, b } = await twoDaemons());
  });
  afterEach(async () => {
    await runCli(alice.home, ["stop"]);
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  const doomed = async (): Promise<void> => {
    const { home } = alice;
    const runner = ["env", `NODE_OPTIONS=--import=${dying}`];
    alice = await DaemonProcess.start({ home, runner });
  };

  it("is sent once by the command line, whichever command it was", async function () {
    if (process.platform === "win32") skip(this, "the daemon is told by env(1) what to load");
    await alice.stop();
    for (const args of [
      ["send", "bob", "to you"],
      ["broadcast", "to all"],
    ]) {
      await doomed();
      const { code, stdout, stderr } = await runCli(alice.home, args);
      assert.deepEqual([code, stdout, stderr], [0, "Delivered.\n", ""]);
      assert.equal(alice.process.signalCode, "SIGKILL");
      await runCli(alice.home, ["stop"]);
    }
    for (const [conversation, text] of [
      ["user:alice", "to you"],
      ["everyone", "to all"],
    ] as const) {
      const received = await b.untilReceived(conversation, 1);
      assert.deepEqual(
        received.map((message) => message.text),
        [text],
      );
    }
    const own = await runCli(alice.home, ["history", "bob", "--json"]);
    assert.equal(own.stdout.trim().split("\n").length, 1);
  });
});
