import assert from "node:assert/strict";
import { count, duration, passwordCost } from "../../../../server/config/option-values.ts";

describe("values of options", () => {
  it("are whole numbers from 0 on", () => {
    assert.deepEqual(["0", "20", 7].map(count), [0, 20, 7]);
    for (const value of ["-1", "1.5", "", "x", "1e3", 0.5, -1, true, null]) assert.equal(count(value), undefined);
  });

  it("are costs of passwords within reason", () => {
    assert.deepEqual(passwordCost("46,1"), { mebibytes: 46, passes: 1 });
    for (const value of ["46", "7,1", "1025,1", "46,0", "46,21", "46,1,1", " 46,1", 46]) {
      assert.equal(passwordCost(value), undefined);
    }
  });

  it("are times with a unit, or never", () => {
    assert.deepEqual(["30m", "12h", "7d", "never"].map(duration), [1_800_000, 43_200_000, 604_800_000, Infinity]);
    for (const value of ["7", "0d", "-1d", "7 d", "7w", "", 7, true]) assert.equal(duration(value), undefined);
  });
});
