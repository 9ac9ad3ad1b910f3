import assert from "node:assert/strict";
import { Progress } from "../../../../../server/core/delivery/progress.ts";

describe("the progress of a channel", () => {
  it("goes on until nothing was taken for 10 s, and again as soon as something is [P-5.2]", () => {
    const progress = new Progress(0);
    progress.made(5_000);
    assert.equal(progress.check(14_999, 0), "going");
    assert.equal(progress.check(15_000, 0), "stalls");
    assert.equal(progress.check(15_500, 0), "stalled");
    assert.deepEqual([progress.stalled, progress.open], [true, false]);
    progress.made(20_000);
    assert.deepEqual([progress.stalled, progress.open, progress.check(29_999, 0)], [false, true, "going"]);
  });

  it("is not missed while nothing was under way", () => {
    const progress = new Progress(0);
    assert.equal(progress.check(109_999, 100_000), "going");
    assert.equal(progress.check(110_000, 100_000), "stalls");
  });

  it("that is missed lets one message through each minute [P-5.2]", () => {
    const progress = new Progress(0);
    progress.check(10_000, 0);
    progress.check(69_999, 0);
    assert.equal(progress.open, false);
    progress.check(70_000, 0);
    assert.equal(progress.open, true);
    progress.pushed();
    progress.check(129_999, 0);
    assert.equal(progress.open, false);
    progress.check(130_000, 0);
    assert.deepEqual([progress.open, progress.stalled], [true, true]);
  });
});
