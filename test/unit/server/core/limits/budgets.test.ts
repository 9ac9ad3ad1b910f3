import assert from "node:assert/strict";
import { Budgets, tokensOf } from "../../../../../server/core/limits/budgets.ts";
import type { TokenBucket } from "../../../../../server/core/limits/token-bucket.ts";

const burst = 200;

describe("the budgets", () => {
  const nobody = () => false;
  /** How much may be spent at once. */
  const room = (bucket: TokenBucket | undefined) => {
    for (let tokens = 1; ; tokens += 1) if (bucket?.spend(1, 0) !== true) return tokens - 1;
  };

  it("count a line as one, and one more for each 32 KiB [P-8.6]", () => {
    assert.deepEqual([tokensOf(3, 0), tokensOf(0, 32_768), tokensOf(1, 65_536)], [3, 1, 3]);
  });

  it("of a connection grow to four times that of a session once somebody signed in on it [P-8.6]", () => {
    const budgets = new Budgets(20, nobody);
    assert.equal(room(budgets.one(0)), burst);
    const connection = budgets.one(0);
    budgets.trust(connection, 0);
    assert.equal(room(connection), 4 * burst);
  });

  it("of an address group is fifty times that of a session, an IPv6 network being one [P-8.6]", () => {
    const budgets = new Budgets(20, nobody);
    const one = budgets.ofGroup("2001:db8::1", 0);
    assert.equal(one, budgets.ofGroup("2001:db8::ffff", 0));
    assert.notEqual(one, budgets.ofGroup("2001:db8:0:1::1", 0));
    assert.equal(room(one), 50 * burst);
  });

  it("of a group is not there for addresses that are trusted, nor where there is no limit [P-8.6]", () => {
    assert.equal(new Budgets(20, (address) => address === "127.0.0.1").ofGroup("127.0.0.1", 0), undefined);
    const limitless = new Budgets(0, nobody);
    assert.equal(limitless.ofGroup("10.0.0.1", 0), undefined);
    assert.equal(limitless.one(0).spend(1e9, 0), true);
  });

  it("of a group that spent nothing lately is forgotten, not that of one which did", () => {
    const budgets = new Budgets(20, nobody);
    const group = budgets.ofGroup("10.0.0.1", 0);
    group?.spend(burst, 0);
    budgets.sweep(0);
    assert.equal(budgets.ofGroup("10.0.0.1", 0), group);
    budgets.release("10.0.0.1");
    budgets.release("10.0.0.1");
    budgets.sweep(1);
    assert.equal(budgets.ofGroup("10.0.0.1", 1), group);
    budgets.release("10.0.0.1");
    budgets.sweep(1_000);
    assert.notEqual(budgets.ofGroup("10.0.0.1", 1_000), group);
  });

  it("of a group is one for all its connections, also those that were silent for a while [P-8.6]", () => {
    const budgets = new Budgets(20, nobody);
    const early = budgets.ofGroup("10.0.0.1", 0);
    budgets.sweep(500);
    assert.equal(budgets.ofGroup("10.0.0.1", 500), early);
  });
});
