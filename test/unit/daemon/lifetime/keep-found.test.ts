import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../../../base/log.ts";
import type { Standing } from "../../../../base/rendezvous/listener.ts";
import { KeepFound } from "../../../../daemon/lifetime/keep-found.ts";
import { beatMs, Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("a daemon that is to be found", () => {
  let home: string;
  let clock: FakeClock;
  let keeper: KeepFound;
  let standing: Standing | Error;
  let seen: string[];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "chat-room-found-"));
    clock = new FakeClock();
    [standing, seen] = ["well", []];
    keeper = new KeepFound({
      ...{ home, clock, pulse: new Pulse(clock) },
      log: createLog("warn", clock, (line) => seen.push((JSON.parse(line) as { level: string }).level)),
      listener: {
        lookAfter: () => {
          seen.push("looked");
          return standing instanceof Error ? Promise.reject(standing) : Promise.resolve(standing);
        },
        makeRoom: () => seen.push("made room"),
      },
      onLost: () => seen.push("lost"),
    });
  });
  afterEach(() => {
    keeper.dispose();
    rmSync(home, { recursive: true });
  });

  const beat = async (): Promise<string[]> => {
    clock.advance(beatMs);
    await new Promise((resolve) => setImmediate(resolve));
    return seen.splice(0);
  };

  it("looks at every beat, and makes room for a newer one then", async () => {
    assert.deepEqual(await beat(), ["looked", "made room"]);
    standing = "repaired";
    assert.deepEqual(await beat(), ["looked", "warn", "made room"]);
  });

  it("says once what keeps it from being found, and looks again", async () => {
    standing = new Error("The disk is full.");
    assert.deepEqual(await beat(), ["looked", "error", "made room"]);
    assert.deepEqual(await beat(), ["looked", "made room"]);
    standing = "well";
    await beat();
    standing = new Error("The disk is full.");
    assert.deepEqual(await beat(), ["looked", "error", "made room"]);
  });

  it("ends where its place is lost, and looks no more", async () => {
    standing = "lost";
    assert.deepEqual(await beat(), ["looked", "error", "lost", "made room"]);
    assert.deepEqual(await beat(), []);
  });
});
