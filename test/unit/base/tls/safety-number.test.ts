import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { safetyNumber } from "../../../../base/tls/safety-number.ts";
import type { UserKey } from "../../../../protocol/ids.ts";
import type { Pin } from "../../../../protocol/pin.ts";

const pin = (seed: string): Pin => createHash("sha256").update(seed).digest("base64url") as Pin;
const alice = { user: "alice" as UserKey, pin: pin("alice's key") };
const bob = { user: "bob" as UserKey, pin: pin("bob's key") };

describe("the safety number", () => {
  it("has 60 digits, the same on both sides [P-6.9]", () => {
    assert.match(safetyNumber(alice, bob), /^\d{60}$/);
    assert.equal(safetyNumber(alice, bob), safetyNumber(bob, alice));
  });

  it("never changes for the same keys and names [P-6.9]", () => {
    assert.equal(safetyNumber(alice, bob), "796808067747839742664529413686962675372557512271201154150237");
  });

  it("is another one for another key or another name of either, and says which half did not change", () => {
    const numbers = [
      safetyNumber(alice, bob),
      safetyNumber({ ...alice, pin: pin("another key") }, bob),
      safetyNumber(alice, { ...bob, pin: pin("another key") }),
      safetyNumber({ ...alice, user: "alicia" as UserKey }, bob),
      safetyNumber({ ...alice, pin: bob.pin }, { ...bob, pin: alice.pin }),
    ];
    assert.equal(new Set(numbers).size, numbers.length);
    const halves = (digits: string): string[] => [digits.slice(0, 30), digits.slice(30)];
    const [before = "", after = ""] = numbers;
    assert.equal(halves(before).filter((half) => halves(after).includes(half)).length, 1);
  });
});
