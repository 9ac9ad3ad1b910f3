import assert from "node:assert/strict";
import { LongLineBudget } from "../../../../server/net/long-lines.ts";

const kib = 1_024;
const line = (beginning: string, length: number): Uint8Array => Buffer.from(beginning.padEnd(length, "x"));
const long = line('{"type":"message","to":"bob","msg":"', 5_000);

describe("lines beyond 4,096 bytes before a sign-in [P-1.3]", () => {
  let budget: LongLineBudget;
  beforeEach(() => (budget = new LongLineBudget()));

  for (const beginning of [
    '{"type":"message","to":"bob"',
    '{"to":"bob", "type" :\t"broadcast"',
    '{"token":"abc"',
    '{"msg":"\\"}{","token" : 1',
    `{"a":"${"y".repeat(4_070)}","token":`,
  ]) {
    it(`may have 65,536 bytes if they begin as ${beginning.slice(0, 40)}`, () => {
      const holder = budget.holder("a");
      for (const length of [4_097, 20_000, 65_536]) assert.equal(holder.limitOf(line(beginning, length)), 65_536);
      assert.equal(budget.heldBytes, 65_536);
      holder.done();
      assert.equal(budget.heldBytes, 0);
    });
  }

  for (const beginning of [
    "x",
    '{"type":"auth","username":"a"',
    '{"type":"messages"',
    '{"msg":"\\"token\\":"',
    '{"msg":"\\"type\\":\\"message\\""',
    `{"a":"${"y".repeat(4_090)}","token":1`,
  ]) {
    it(`may not if they begin as ${beginning.slice(0, 40)}`, () => {
      assert.equal(budget.holder("a").limitOf(line(beginning, 5_000)), 4_096);
      assert.equal(budget.heldBytes, 0);
    });
  }

  it("are refused beyond 65,536 bytes, and that is what the refusal names", () => {
    assert.equal(budget.holder("a").limitOf(line('{"token":"', 65_537)), 65_536);
    assert.equal(budget.heldBytes, 0);
  });

  it("are let in while those of one group hold less than 1 MiB, and again when others are done", () => {
    const holders = Array.from({ length: 20 }, () => budget.holder("a"));
    const limits = holders.map((each) => each.limitOf(line('{"token":"', 65_536)));
    assert.deepEqual([limits.filter((each) => each === 65_536).length, budget.heldBytes], [16, 1_024 * kib]);
    assert.equal(budget.holder("b").limitOf(long), 65_536);
    holders[0]?.done();
    assert.equal(holders[19]?.limitOf(line('{"token":"', 65_536)), 65_536);
  });

  it("are let in while all of them hold less than 32 MiB", () => {
    const limits = Array.from({ length: 600 }, (_, n) =>
      budget.holder(`group ${n}`).limitOf(line('{"token":"', 65_536)),
    );
    assert.equal(limits.filter((each) => each === 65_536).length, 512);
  });

  it("that grow hold what they have, not what they may have", () => {
    const holder = budget.holder("a");
    for (const length of [4_097, 5_000, 9_000]) {
      holder.limitOf(line('{"token":"', length));
      assert.equal(budget.heldBytes, length);
    }
  });

  it("hold nothing once somebody has signed in, and may begin as they like", () => {
    const holder = budget.holder("a");
    holder.trusted = true;
    assert.equal(holder.limitOf(line("x", 65_537)), 65_536);
    assert.equal(budget.heldBytes, 0);
  });
});
