import assert from "node:assert/strict";
import { RefusedLetters } from "../../../../../server/core/delivery/refused-letters.ts";

describe("refused letters", () => {
  let letters: RefusedLetters;

  beforeEach(() => {
    letters = new RefusedLetters();
  });

  const refuse = (...seqs: number[]) => {
    for (const seq of seqs) letters.refused(seq, 0);
  };

  it("are in the way until a later one is accepted", () => {
    refuse(3);
    assert.equal(letters.blocks, true);
    assert.equal(letters.accepted(2), false);
    assert.deepEqual([letters.blocks, letters.isAside(3)], [true, false]);
    assert.equal(letters.accepted(4), true);
    assert.deepEqual([letters.blocks, letters.isAside(3)], [false, true]);
  });

  it("are in the way until one that is in no mailbox is accepted: it came after them", () => {
    refuse(3, 4);
    assert.equal(letters.accepted(0), true);
    assert.deepEqual([letters.isAside(3), letters.isAside(4)], [true, true]);
  });

  it("are in the way until one that stepped aside before is accepted: it was tried after them", () => {
    refuse(1);
    letters.accepted(2);
    refuse(3);
    assert.equal(letters.blocks, true);
    assert.equal(letters.accepted(1), true);
    assert.deepEqual([letters.isAside(1), letters.isAside(3), letters.blocks], [false, true, false]);
  });

  it("are all forgotten when one of them is accepted: the client can take everything again", () => {
    refuse(3, 4, 5);
    assert.equal(letters.accepted(4), true);
    for (const seq of [3, 4, 5]) assert.equal(letters.isAside(seq), false);
    assert.equal(letters.takeDue(1e9), undefined);
  });

  it("that stepped aside are due less and less often, 10 min at most, and not before they were refused again", () => {
    letters.refused(1, 0);
    letters.accepted(2);
    let nowMs = 0;
    for (const waitS of [10, 20, 40, 80, 160, 320, 600, 600]) {
      nowMs += waitS * 1_000;
      assert.equal(letters.takeDue(nowMs - 1), undefined);
      assert.equal(letters.takeDue(nowMs), 1);
      assert.equal(letters.takeDue(nowMs + 1e9), undefined);
      letters.refused(1, nowMs);
    }
  });

  it("that are due come one at a time, and later if they could not be tried", () => {
    refuse(1, 2);
    letters.accepted(3);
    assert.deepEqual([letters.takeDue(10_000), letters.takeDue(10_000), letters.takeDue(10_000)], [1, 2, undefined]);
    letters.postpone(2, 20_000);
    assert.deepEqual([letters.takeDue(19_999), letters.takeDue(20_000)], [undefined, 2]);
  });

  it("that are due come in the order of how often they were refused", () => {
    refuse(1, 1, 1, 2, 3, 3);
    letters.accepted(4);
    assert.deepEqual([letters.takeDue(1e9), letters.takeDue(1e9), letters.takeDue(1e9)], [2, 3, 1]);
  });

  it("for good are aside at once, and never due", () => {
    letters.refusedForGood(1);
    assert.deepEqual([letters.blocks, letters.isAside(1), letters.takeDue(1e12)], [false, true, undefined]);
    letters.refused(2, 0);
    letters.refusedForGood(2);
    assert.equal(letters.blocks, false);
  });

  it("are told by how often they were refused, the first of several", () => {
    refuse(1, 2, 3, 1, 2);
    assert.deepEqual([letters.leastRefused(1), letters.leastRefused(3), letters.highest], [3, 1, 3]);
    letters.refusedForGood(3);
    assert.equal(letters.leastRefused(1), 2);
    letters.forget(2);
    assert.deepEqual([letters.leastRefused(1), letters.blocks], [undefined, true]);
    letters.forget(1);
    assert.equal(letters.blocks, false);
  });

  it("count for one channel only", () => {
    refuse(1);
    letters.refusedForGood(2);
    letters.clear();
    assert.deepEqual([letters.blocks, letters.isAside(2), letters.highest], [false, false, 0]);
  });
});
