import assert from "node:assert/strict";
import type { Clock } from "../../../../base/clock.ts";
import { beatMs, Pulse } from "../../../../daemon/lifetime/pulse.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("the daemon's tick", () => {
  let clock: FakeClock;
  let aheadMs: number;
  let pulse: Pulse;
  let heard: string[];

  beforeEach(() => {
    clock = new FakeClock();
    [aheadMs, heard] = [0, []];
    const walls: Clock = {
      nowMs: () => clock.nowMs() + aheadMs,
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    };
    pulse = new Pulse(walls);
  });

  const follow = (name: string) =>
    pulse.follow({ onBeat: () => heard.push(name), onWake: () => heard.push(`${name} woke`) });

  it("is one timer for all who follow it, often enough for a server [P-8.4]", () => {
    follow("one");
    follow("two");
    clock.advance(60_000);
    assert.deepEqual(heard, ["one", "two", "one", "two"]);
    assert.equal(clock.pending, 1);
    assert.ok(beatMs <= 30_000);
  });

  it("does not reach who has left, nor anybody after its end", () => {
    follow("one").dispose();
    follow("two");
    clock.advance(beatMs);
    assert.deepEqual(heard, ["two"]);
    pulse.dispose();
    pulse.look();
    assert.equal(clock.pending, 0);
  });

  it("says that the machine slept, at the next beat or as soon as somebody does something", () => {
    follow("one");
    aheadMs += 3_600_000;
    clock.advance(beatMs);
    pulse.look();
    aheadMs += 3_600_000;
    pulse.look();
    pulse.look();
    assert.deepEqual(heard, ["one woke", "one woke"]);
  });

  it("says nothing of a clock that was set back", () => {
    follow("one");
    aheadMs = -3_600_000;
    pulse.look();
    clock.advance(beatMs);
    assert.deepEqual(heard, ["one"]);
  });
});
