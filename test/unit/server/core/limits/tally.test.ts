import assert from "node:assert/strict";
import { Tally } from "../../../../../server/core/limits/tally.ts";

describe("a tally", () => {
  it("forgets one each so often from the first on, and starts anew when it has forgotten all", () => {
    const tally = new Tally(10);
    assert.deepEqual([tally.add(100), tally.add(105), tally.add(109)], [1, 2, 3]);
    assert.deepEqual(
      [109, 110, 119, 120, 129, 130].map((nowMs) => tally.count(nowMs)),
      [3, 2, 2, 1, 1, 0],
    );
    assert.deepEqual([tally.add(1_004), tally.count(1_013), tally.count(1_014)], [1, 1, 0]);
  });

  it("says when the next one is forgotten, remembers no more than it is told to, and takes one back", () => {
    const tally = new Tally(10);
    assert.equal(tally.nextMs(0), 0);
    for (let time = 0; time < 9; time += 1) tally.add(50, 4);
    assert.deepEqual([tally.count(50), tally.nextMs(53), tally.nextMs(62)], [4, 7, 8]);
    tally.takeBack();
    assert.equal(tally.count(62), 2);
    for (let time = 0; time < 9; time += 1) tally.takeBack();
    assert.equal(tally.count(62), 0);
  });
});
