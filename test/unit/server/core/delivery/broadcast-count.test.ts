import assert from "node:assert/strict";
import type { Answer } from "../../../../../server/core/requests/answer.ts";
import { BroadcastCount } from "../../../../../server/core/delivery/broadcast-count.ts";

describe("the count of a broadcast", () => {
  let heard: Answer[];
  let count: BroadcastCount;

  beforeEach(() => {
    heard = [];
    count = new BroadcastCount({ answer: (answer) => heard.push(answer) }, 2_000);
  });

  const told = () => heard.map((answer) => answer.ok && answer.added);

  it("is answered when everybody has it or will not [P-4.3]", () => {
    for (let person = 0; person < 3; person += 1) count.expect();
    count.settle(true);
    count.complete();
    count.settle(false);
    assert.deepEqual(heard, []);
    count.settle(true);
    assert.deepEqual([told(), count.answered], [[{ delivered: 2 }], true]);
  });

  it("is answered at once where nobody is there [P-4.3]", () => {
    count.complete();
    assert.deepEqual(told(), [{ delivered: 0 }]);
  });

  it("is not answered before everybody was looked at", () => {
    count.expect();
    count.settle(true);
    count.sweep(5_000);
    assert.deepEqual(heard, []);
    count.complete();
    assert.deepEqual(told(), [{ delivered: 1 }]);
  });

  it("is answered after 2 s with those who have it by then, once [P-4.3]", () => {
    for (let person = 0; person < 2; person += 1) count.expect();
    count.complete();
    count.settle(true);
    count.sweep(1_999);
    assert.deepEqual(heard, []);
    count.sweep(2_000);
    count.settle(true);
    count.sweep(3_000);
    count.answer();
    assert.deepEqual(told(), [{ delivered: 1 }]);
  });
});
