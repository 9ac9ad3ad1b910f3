import assert from "node:assert/strict";
import { evaluateTrust, refusalOf } from "../../../../daemon/connection/evaluate-trust.ts";
import type { Shown } from "../../../../daemon/connection/evaluate-trust.ts";
import type { Pin } from "../../../../protocol/pin.ts";

const a = "A".repeat(43) as Pin;
const b = "B".repeat(43) as Pin;

describe("The key that a server showed [P-1.10]", () => {
  const verdict = (changes: Partial<Shown>) =>
    evaluateTrust({ shown: a, known: undefined, wanted: undefined, local: false, vouched: false, ...changes });

  it("is for a person to judge where nobody knows it", () => {
    assert.deepEqual(verdict({}), { trust: "unknown" });
  });

  it("is right at first sight on this machine, by the address's own pin, and with a chain that the system trusts", () => {
    for (const first of [{ local: true }, { wanted: a }, { vouched: true }, { known: a }]) {
      assert.deepEqual(verdict(first), { trust: "trusted" });
    }
  });

  it("is refused where it had another one before, whoever vouches for the new one", () => {
    for (const excuse of [{}, { local: true }, { vouched: true }, { wanted: a }]) {
      assert.deepEqual(verdict({ known: b, ...excuse }), { trust: "changed", expected: b });
    }
  });

  it("is refused where another one was named, also if it is the one from before", () => {
    for (const excuse of [{}, { known: a }, { local: true }, { vouched: true }]) {
      assert.deepEqual(verdict({ wanted: b, ...excuse }), { trust: "mismatch", expected: b });
    }
  });

  it("is refused in a sentence that says that nothing was sent, shows both keys, and names the way out", () => {
    const changed = refusalOf("s:1", a, { trust: "changed", expected: b }) ?? "";
    assert.match(changed, /Expected: BBBB BBBB.*Shown: AAAA AAAA.*Nothing was sent/);
    assert.ok(changed.endsWith(`chat-room trust s:1 ${a}`));
    assert.match(refusalOf("s:1", a, { trust: "mismatch", expected: b }) ?? "", /BBBB.*AAAA.*Nothing was sent/);
    assert.match(refusalOf("s:1", a, { trust: "unknown" }) ?? "", /not known yet: AAAA.*Nothing was sent/);
    assert.equal(refusalOf("s:1", a, { trust: "trusted" }), undefined);
  });
});
