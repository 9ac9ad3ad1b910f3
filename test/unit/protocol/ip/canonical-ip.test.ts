import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { canonicalIp } from "../../../../protocol/ip/canonical-ip.ts";
import { ipv6, spellings } from "../ip-spellings.ts";

describe("the one spelling of an IP address", () => {
  it("is that of RFC 5952, the examples of which these are", () => {
    const spelt: Record<string, string> = {
      "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
      "2001:0db8::0001": "2001:db8::1",
      "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
      "2001:0:0:1:0:0:0:1": "2001:0:0:1::1",
      "2001:DB8::ABCD": "2001:db8::abcd",
      "0:0:0:0:0:0:0:0": "::",
      "0:0:0:0:0:0:0:1": "::1",
      "1::": "1::",
      "64:ff9b::192.0.2.1": "64:ff9b::c000:201",
      "192.0.2.1": "192.0.2.1",
    };
    for (const [text, canonical] of Object.entries(spelt)) assert.equal(canonicalIp(text), canonical, text);
  });

  it("is the IPv4 address for one that arrived at an IPv6 socket, in any spelling", () => {
    for (const text of ["::ffff:10.0.0.7", "::FFFF:10.0.0.7", "::ffff:a00:7", "0:0:0:0:0:FFFF:0A00:0007"]) {
      assert.equal(canonicalIp(text), "10.0.0.7", text);
    }
  });

  it("keeps the zone of a link-local address, and of no other", () => {
    assert.equal(canonicalIp("FE80:0::1%Eth0.1"), "fe80::1%Eth0.1");
    assert.notEqual(canonicalIp("fe80::1%eth0"), canonicalIp("fe80::1%eth1"));
    assert.equal(canonicalIp("2001:db8::1%eth0"), "2001:db8::1");
    assert.equal(canonicalIp("::ffff:10.0.0.7%eth0"), "10.0.0.7");
  });

  it("is missing for what is no address", () => {
    const wrong = [
      "",
      ":",
      ":::",
      "1",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      "g::",
      "::1%",
      "::1%a%b",
    ];
    const wrongIpv4 = [
      "1.2.3",
      "01.2.3.4",
      "256.1.1.1",
      "1.2.3.4.5",
      "::1.2.3",
      "1.2.3.4::",
      "127.1",
      "1.2.3.4%eth0",
      " ::1",
    ];
    for (const text of [...wrong, ...wrongIpv4, "localhost", "::1%a b", "::1%a]b"]) {
      assert.equal(canonicalIp(text), undefined, text);
    }
  });

  it("is the same for every spelling of every address, is an address, and is its own spelling", () => {
    fc.assert(
      fc.property(ipv6, fc.nat(), (groups, chance) => {
        const [first = "", ...others] = spellings(groups, chance).map((text) => canonicalIp(text));
        for (const other of others) assert.equal(other, first);
        assert.notEqual(isIP(first), 0);
        assert.equal(canonicalIp(first), first);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  it("tells an address from every other one", () => {
    fc.assert(
      fc.property(ipv6, ipv6, (one, other) => {
        const same = one.every((group, at) => group === other[at]);
        assert.equal(canonicalIp(one.map(hex).join(":")) === canonicalIp(other.map(hex).join(":")), same);
      }),
      { seed: 4, numRuns: 2_000 },
    );
  });

  it("answers an address or nothing for any text, as the system's own parser does", () => {
    const text = fc.string({ unit: fc.constantFrom("0", "1", "25", "f", ":", "::", ".", "%", "x"), maxLength: 16 });
    fc.assert(
      fc.property(text, (written) => {
        // The system takes any characters for the name of a zone.
        if (written.includes("%")) assert.doesNotThrow(() => canonicalIp(written));
        else assert.equal(canonicalIp(written) !== undefined, isIP(written) !== 0, written);
      }),
      { seed: 5, numRuns: 20_000 },
    );
  });
});

function hex(group: number): string {
  return group.toString(16);
}
