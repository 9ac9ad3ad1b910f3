// What wakes a daemon that has nothing to do: counted on a clock that a test moves by hand, in a daemon of this process that is
// signed in at a real server and has one window.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { startDaemon } from "../../../daemon/daemon.ts";
import type { Daemon } from "../../../daemon/daemon.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { makeHome, TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("a daemon at rest", function () {
  this.timeout(60_000);
  let home: string;
  let clock: FakeClock;
  let daemon: Daemon;
  let server: ChatServer;
  let view: TestView;

  beforeEach(async () => {
    home = makeHome();
    clock = new FakeClock();
    server = await startChatServer();
    const started = await startDaemon({ home, script: "/x/daemon.js", idleExitMs: 60_000, clock });
    assert.ok(started);
    daemon = started;
    view = await TestView.open(home);
  });
  afterEach(async () => {
    view.close();
    await daemon.stop("the test is over");
    await server.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  /** Until nothing is under way but the tick: what was asked of the server is answered. */
  const settled = async (): Promise<void> => {
    while (clock.pending > 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const firedInAMinute = async (): Promise<number> => {
    const before = clock.fired;
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await settled();
    }
    return clock.fired - before;
  };

  it("is woken by one tick and nothing else, with a window, signed in and after a conversation", async () => {
    await view.join(server.port, "alice");
    await view.untilState("connected");
    await view.untilMessage((await view.send("user:alice", "to myself")).mid, "delivered", "read");
    // What a burst took is given back first.
    clock.advance(20_000);
    await settled();
    const ticks = await firedInAMinute();
    assert.ok(ticks <= 3, `${ticks} timers fired`);
  });

  it("is woken by one tick and nothing else while nobody is signed in", async () => {
    clock.advance(20_000);
    assert.ok((await firedInAMinute()) <= 3);
  });
});
