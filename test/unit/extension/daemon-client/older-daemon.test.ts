import assert from "node:assert/strict";
import { tellOfOlderDaemon } from "../../../../extension/daemon-client/older-daemon.ts";
import { daemonStatus, stopDaemon } from "../../../../protocol/api/session.ts";
import { connectedSession, settled } from "../stand-ins.ts";
import { withApp } from "../commands/app-stand-in.ts";

const status = { ok: true, session: connectedSession, pid: 7, version: "0.0.9", home: "/home", windows: 1, outbox: 0 };

describe("A window in front of an older daemon", () => {
  async function at(build: number, olderViews?: number, told = new Map<string, unknown>()) {
    const desk = await withApp();
    const views = olderViews === undefined ? {} : { olderViews };
    desk.daemon.answer(daemonStatus, () => ({ ...status, ok: true, unread: 0, build, ...views }));
    desk.daemon.answer(stopDaemon, () => ({ ok: true }));
    const memory = {
      get: (key: string) => told.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void told.set(key, value)),
    };
    return { ...desk, told, run: () => tellOfOlderDaemon(desk.app, memory) };
  }

  it("says so once, whichever window it is, and restarts it where the person wants that", async () => {
    const { prompter, daemon, run, told } = await at(9, 1);
    prompter.press = "Restart Daemon";
    run();
    await settled();
    assert.match(prompter.told.join(), /older Chat Room daemon \(version 0\.0\.9\) is still in use/);
    assert.deepEqual(prompter.buttons, [["Restart Daemon"]]);
    assert.equal(daemon.askedFor(stopDaemon.method).length, 1);
    const second = await at(9, 1, told);
    second.run();
    await settled();
    assert.deepEqual(second.prompter.told, []);
  });

  it("asks each daemon that it connects to", async () => {
    const { prompter, daemon, run } = await at(10, 1);
    run();
    await settled();
    daemon.answer(daemonStatus, () => ({ ...status, ok: true, unread: 0, build: 9 }));
    daemon.setLink({ state: "connecting" });
    daemon.setLink({ state: "connected" });
    await settled();
    assert.equal(prompter.told.length, 1);
  });

  it("says nothing where the daemon is not older, or makes room by itself", async () => {
    for (const [build, olderViews] of [
      [10, 1],
      [11, 1],
      [9, 0],
    ] as const) {
      const { prompter, run } = await at(build, olderViews);
      run();
      await settled();
      assert.deepEqual(prompter.told, []);
    }
  });
});
