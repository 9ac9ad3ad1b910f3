import assert from "node:assert/strict";
import { systemClock } from "../../../base/clock.ts";

describe("the system's clock", () => {
  it("tells wall time, and a time that never goes back", () => {
    assert.ok(Math.abs(systemClock.nowMs() - Date.now()) < 1_000);
    const before = systemClock.monotonicMs();
    assert.ok(systemClock.monotonicMs() >= before);
  });

  it("fires a timer once, and not after it was disposed of", async () => {
    let disposed = 0;
    systemClock.setTimer(0, () => (disposed += 1)).dispose();
    // The timer does not keep the process alive by itself; the interval does while it is waited for.
    const alive = setInterval(() => undefined, 1_000);
    await new Promise<void>((resolve) => void systemClock.setTimer(1, resolve));
    clearInterval(alive);
    assert.equal(disposed, 0);
  });
});
