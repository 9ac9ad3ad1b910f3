import assert from "node:assert/strict";
import { backoffMs, jitteredBackoffMs } from "../../../protocol/backoff.ts";

describe("a back-off", () => {
  const bounds = { firstMs: 1_000, maxMs: 60_000 };

  it("doubles the wait with each failure, up to its bound", () => {
    const waits = Array.from({ length: 8 }, (_, failures) => backoffMs(bounds, failures));
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("stays at its bound after any number of failures", () => {
    assert.equal(backoffMs(bounds, 5_000), 60_000);
    assert.equal(jitteredBackoffMs(bounds, 5_000, 0), 30_000);
  });

  it("takes by chance from half of the wait to all of it", () => {
    assert.deepEqual(
      [0, 0.5, 1].map((random) => jitteredBackoffMs(bounds, 1, random)),
      [1_000, 1_500, 2_000],
    );
  });
});
