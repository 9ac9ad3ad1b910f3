import assert from "node:assert/strict";
import { isNetwork, ProxyList } from "../../../../server/net/proxies.ts";

describe("the proxies that were named", () => {
  it("are addresses and networks, in any spelling", () => {
    const list = new ProxyList(["192.0.2.1", "10.0.0.0/8", "2001:DB8:0::1", "fd00::/8", "::ffff:198.51.100.0/120"]);
    for (const proxy of ["192.0.2.1", "10.255.0.1", "2001:db8::1", "fd12::1", "fd12::1%eth0", "198.51.100.255"]) {
      assert.ok(list.includes(proxy), proxy);
    }
    for (const other of ["192.0.2.2", "11.0.0.1", "2001:db8::2", "fe80::1%eth0", "198.51.101.1", "", "localhost"]) {
      assert.ok(!list.includes(other), other);
    }
  });

  it("are nobody if none was named", () => {
    assert.ok(!new ProxyList([]).includes("127.0.0.1"));
  });

  it("are refused if they are neither", () => {
    for (const right of ["::/0", "0.0.0.0/0", "127.0.0.1", "::1/128", "::ffff:10.0.0.0/104"])
      assert.ok(isNetwork(right), right);
    for (const wrong of [
      "",
      "localhost",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "::/129",
      "10/8",
      "::1/",
      "1.2.3.4/8/8",
      "fe80::1%lo",
    ]) {
      assert.ok(!isNetwork(wrong), wrong);
    }
    assert.ok(!isNetwork("::ffff:10.0.0.0/8"), "more than IPv4");
  });
});
