import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { isIpAddress } from "../../../../protocol/ip/ip.ts";

describe("a textual IP address", () => {
  it("is what the system takes for one, without a scope", () => {
    const fixed = ["::", "::1", "1::", "::ffff:10.0.0.1", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4"];
    const wrong = [
      "",
      "1.2.3",
      "01.2.3.4",
      "1.2.3.4.",
      ":::",
      "1:2:3:4:5:6:7:8:9",
      "1::2::3",
      "fe80::1%eth0",
      "host",
      "12345::",
    ];
    for (const text of [...fixed, ...wrong]) assert.equal(isIpAddress(text), fixed.includes(text), text);
  });

  it("agrees with the system on whatever looks like one", () => {
    const part = fc.oneof(
      fc.constantFrom("", "0", "1", "ffff", "g", "256", "1.2.3.4", "::", "00001"),
      fc.ipV4(),
      fc.ipV6(),
    );
    const text = fc.array(part, { maxLength: 9 }).map((parts) => parts.join(":"));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (given) => {
        assert.equal(isIpAddress(given), isIP(given) !== 0, given);
      }),
      { numRuns: 3_000 },
    );
  });
});
