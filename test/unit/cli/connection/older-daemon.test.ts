import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DaemonConnection } from "../../../../cli/connection/daemon-connection.ts";
import { tellOfOlderDaemon } from "../../../../cli/connection/older-daemon.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("the command line in front of an older daemon", () => {
  let home: string;
  let clock: FakeClock;
  let hints: string[];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-told-"));
    clock = new FakeClock();
    hints = [];
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const tell = async (build: number, olderViews?: number): Promise<number> => {
    const status = { ok: true, version: "0.1.0", build, ...(olderViews === undefined ? {} : { olderViews }) };
    const client = { request: () => Promise.resolve(status) } as unknown as DaemonConnection;
    await tellOfOlderDaemon(client, { home, build: 10, clock, output: { hint: (text) => hints.push(text) } });
    return hints.length;
  };

  it("says so once a day, and what to do", async () => {
    assert.equal(await tell(9, 2), 1);
    assert.match(hints[0] ?? "", /older daemon \(version 0\.1\.0\) is still in use .*chat-room stop ends it now/);
    clock.advance(86_399_000);
    assert.equal(await tell(9, 2), 1);
    clock.advance(1_000);
    assert.equal(await tell(9, 2), 2);
  });

  it("says so of one that does not know yet who keeps it", async () => {
    assert.equal(await tell(9), 1);
  });

  it("says nothing of one that is not older, or that makes room by itself", async () => {
    for (const [build, olderViews] of [
      [10, 3],
      [11, 3],
      [9, 0],
    ] as const) {
      assert.equal(await tell(build, olderViews), 0);
    }
  });
});
