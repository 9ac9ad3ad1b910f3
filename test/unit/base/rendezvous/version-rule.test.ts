import assert from "node:assert/strict";
import {
  countOlder,
  decide,
  makesRoom,
  mayRetire,
  recentRetirements,
} from "../../../../base/rendezvous/version-rule.ts";
import type { Caller, Running } from "../../../../base/rendezvous/version-rule.ts";

const running: Running = { build: 10, protocol: { min: 1, max: 2 }, busy: false, attached: [], mayRetire: true };
const caller: Caller = { build: 10, protocol: { min: 1, max: 2 }, canStart: true };

describe("which version serves", () => {
  it("is the running one for a caller of the same build", () => {
    assert.deepEqual(decide(running, caller), { kind: "attach", protocol: 2 });
  });

  it("is the caller's when it is newer and nobody uses the running one", () => {
    assert.deepEqual(decide(running, { ...caller, build: 11 }), { kind: "retire" });
  });

  it("is the running one when the caller is older, in the newest protocol that both speak", () => {
    assert.deepEqual(decide(running, { ...caller, build: 9, protocol: { min: 1, max: 1 } }), {
      kind: "attach",
      protocol: 1,
    });
  });

  it("is the running one while it is used, for a caller that cannot start another, or when the breaker is open", () => {
    const newer = { ...caller, build: 11 };
    assert.equal(decide({ ...running, busy: true }, newer).kind, "attach");
    assert.equal(decide(running, { ...newer, canStart: false }).kind, "attach");
    assert.equal(decide({ ...running, mayRetire: false }, newer).kind, "attach");
  });

  it("is the caller's when everybody who uses the running one is newer too", () => {
    const newer = { ...caller, build: 11 };
    const others = { ...caller, build: 12, canStart: false };
    assert.equal(decide({ ...running, attached: [newer, others] }, newer).kind, "retire");
    assert.equal(decide({ ...running, attached: [newer, caller] }, newer).kind, "attach");
    assert.equal(decide({ ...running, attached: [newer, { ...caller, build: 9 }] }, newer).kind, "attach");
  });

  it("changes without a caller once everybody who uses it is newer, and one of them can start the successor", () => {
    const newer = { ...caller, build: 11 };
    const helpless = { ...newer, canStart: false };
    assert.equal(makesRoom({ ...running, attached: [helpless, newer] }), true);
    assert.equal(makesRoom({ ...running, attached: [helpless] }), false);
    assert.equal(makesRoom({ ...running, attached: [newer, caller] }), false);
    assert.equal(makesRoom({ ...running, attached: [] }), false);
    assert.equal(makesRoom({ ...running, attached: [newer], busy: true }), false);
    assert.equal(makesRoom({ ...running, attached: [newer], mayRetire: false }), false);
    assert.equal(countOlder({ ...running, attached: [newer, caller, { ...caller, build: 9 }] }), 2);
  });

  it("is none where they have no protocol in common, and the sentence says who must give way", () => {
    const older = decide(running, { ...caller, build: 9, protocol: { min: 0, max: 0 } });
    assert.ok(older.kind === "refuse" && older.reason.includes("Update this program"));
    const newer = decide({ ...running, busy: true }, { ...caller, build: 11, protocol: { min: 3, max: 3 } });
    assert.ok(newer.kind === "refuse" && newer.reason.includes("Close the other windows"));
  });

  it("never lets both ends take the other for the older one", () => {
    for (const [left, right] of [
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const) {
      const one = decide({ ...running, build: left }, { ...caller, build: right }).kind;
      const other = decide({ ...running, build: right }, { ...caller, build: left }).kind;
      assert.equal([one, other].filter((kind) => kind === "retire").length, left === right ? 0 : 1);
    }
  });
});

describe("the breaker", () => {
  it("lets three replacements a minute pass", () => {
    const times = [1_000, 2_000, 3_000];
    assert.equal(mayRetire(times.slice(0, 2), 4_000), true);
    assert.equal(mayRetire(times, 4_000), false);
    assert.equal(mayRetire(times, 61_000), true);
  });

  it("forgets times from a clock that has gone back since", () => {
    assert.deepEqual(recentRetirements([1_000, 900_000], 2_000), [1_000]);
  });
});
