import assert from "node:assert/strict";
import fc from "fast-check";
import { addressGroup } from "../../../../../server/core/limits/address-group.ts";
import { ipv6, spellings } from "../../../protocol/ip-spellings.ts";

describe("addresses that count as one", () => {
  it("are each IPv4 address alone, also as an IPv6 address", () => {
    for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:C000:0201", "64:ff9b::192.0.2.1"]) {
      assert.equal(addressGroup(address), "192.0.2.1", address);
    }
    assert.notEqual(addressGroup("192.0.2.1"), addressGroup("192.0.2.2"));
  });

  it("are an IPv6 network of 64 bits, however it is written", () => {
    for (const address of [
      "2001:db8:0:7::1",
      "2001:DB8:0:7:ffff:1:2:3",
      "2001:0db8:0000:0007::",
      "2001:db8:0:7::%eth0",
      "2001:db8:0:7:1:2:192.0.2.1",
    ]) {
      assert.equal(addressGroup(address), "2001:db8:0:7::/64", address);
    }
    assert.equal(addressGroup("2001:db8::1"), "2001:db8:0:0::/64");
    assert.equal(addressGroup("2001:db8::7:0:0:0:1"), "2001:db8:0:7::/64");
    assert.equal(addressGroup("::1"), "0:0:0:0::/64");
    assert.notEqual(addressGroup("2001:db8:0:8::1"), addressGroup("2001:db8:0:7::1"));
  });

  it("are the same link-local network, whichever interface they came by", () => {
    assert.equal(addressGroup("fe80::1%eth0"), addressGroup("FE80::2%wlan0"));
  });

  it("are of the same group in every spelling, for every address", () => {
    fc.assert(
      fc.property(ipv6, fc.nat(), (groups, chance) => {
        const all = spellings(groups, chance);
        const [first, ...others] = [...all, ...all.map((text) => `${text}%eth0`)].map(addressGroup);
        for (const other of others) assert.equal(other, first);
      }),
      { seed: 6, numRuns: 2_000 },
    );
  });

  it("are of two groups exactly if their networks differ, for every two addresses", () => {
    fc.assert(
      fc.property(ipv6, ipv6, fc.nat(8), (one, other, shared) => {
        const two = [...one.slice(0, shared), ...other.slice(shared)];
        const isIpv4 = (groups: readonly number[]) =>
          groups.slice(0, 5).every((each) => each === 0) && groups[5] === 0xffff;
        const from = (groups: readonly number[]) => (isIpv4(groups) ? groups : groups.slice(0, 4)).join(":");
        const text = (groups: readonly number[]) => groups.map((group) => group.toString(16)).join(":");
        assert.equal(addressGroup(text(one)) === addressGroup(text(two)), from(one) === from(two));
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
