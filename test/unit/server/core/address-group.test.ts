import assert from "node:assert/strict";
import { addressGroup } from "../../../../server/core/address-group.ts";

describe("the group of an address", () => {
  it("is the address itself for IPv4", () => {
    assert.equal(addressGroup("192.0.2.1"), "192.0.2.1");
  });

  it("is the network of 64 bits for IPv6, however it is written [P-8.5]", () => {
    for (const address of [
      "2001:db8:0:7::1",
      "2001:DB8:0:7:ffff:1:2:3",
      "2001:0db8:0000:0007::",
      "2001:db8:0:7::%eth0",
    ]) {
      assert.equal(addressGroup(address), "2001:db8:0:7::/64");
    }
    assert.equal(addressGroup("2001:db8::1"), "2001:db8:0:0::/64");
    assert.equal(addressGroup("2001:db8::7:0:0:0:1"), "2001:db8:0:7::/64");
    assert.equal(addressGroup("::1"), "0:0:0:0::/64");
    assert.equal(addressGroup("64:ff9b::192.0.2.1"), "64:ff9b:0:0::/64");
    assert.notEqual(addressGroup("2001:db8:0:8::1"), addressGroup("2001:db8:0:7::1"));
  });
});
