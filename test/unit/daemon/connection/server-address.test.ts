import assert from "node:assert/strict";
import { parseServerAddress, parseTarget } from "../../../../daemon/connection/server-address.ts";
import { Backoff } from "../../../../daemon/connection/backoff.ts";

const pin = "A".repeat(43);
const text = (given: string): string => {
  const read = parseServerAddress(given);
  return typeof read === "string" ? "wrong" : read.text;
};

describe("a server's address", () => {
  it("has one spelling, whichever way it is written", () => {
    assert.equal(text(" Example.ORG "), "example.org:8765");
    assert.equal(text("127.0.0.1:99"), "127.0.0.1:99");
    assert.equal(text("chat://127.0.0.1:99/"), "127.0.0.1:99");
    assert.equal(text("[::1]:99"), "[::1]:99");
    assert.equal(text("[::1]"), "[::1]:8765");
  });

  it("has one spelling for each IP address, and keeps the interface of a link-local one", () => {
    assert.equal(text("[FD00:0:0:0:0:0:0:9]"), text("[fd00::9]"));
    assert.equal(text("[::ffff:192.0.2.1]:99"), text("192.0.2.1:99"));
    for (const zone of ["lo", "eth0.100", "wlp2s0", "br-1a2B", "3"]) {
      assert.equal(text(`chat://[fe80::9%${zone}]:99#${pin}`), `[fe80::9%${zone}]:99`);
    }
    assert.equal(text("[fe80::9%25lo]"), "[fe80::9%lo]:8765");
  });

  it("is refused with an example where it is none", () => {
    for (const wrong of [
      "",
      "a b",
      "host:0",
      "host:65536",
      "host:x",
      "::1",
      "http://host",
      "a@b",
      "[host]",
      "[fe80::1%]",
      "[1.2]",
    ]) {
      const read = parseServerAddress(wrong);
      assert.ok(typeof read === "string" && read.includes("host:port"), wrong);
    }
  });

  it("may name the key that the server must have, and never loses it by a slip", () => {
    const read = parseServerAddress(`chat://host:1#${pin}`);
    assert.ok(typeof read === "object");
    assert.deepEqual([read.text, read.pin], ["host:1", pin]);
    for (const slip of ["abc", "", `${pin}x`, `${pin}#`, pin.slice(1)]) {
      const refused = parseServerAddress(`chat://host:1#${slip}`);
      assert.ok(typeof refused === "string" && refused.includes("pin"), slip);
    }
  });

  it("and a key named beside it must not contradict each other", () => {
    const wanted = (server: string, named?: string): unknown => {
      const target = parseTarget(server, named);
      return typeof target === "string" ? "refused" : target.wanted;
    };
    assert.equal(wanted("host:1"), undefined);
    assert.equal(wanted("host:1", pin), pin);
    assert.equal(wanted(`chat://host:1#${pin}`), pin);
    assert.equal(wanted(`chat://host:1#${pin}`, pin), pin);
    assert.equal(wanted(`chat://host:1#${pin}`, "B".repeat(43)), "refused");
    assert.equal(wanted("host:1", "abc"), "refused");
  });
});

describe("the back-off [P-8.4]", () => {
  it("waits from 0.5 to 30 s, longer each time, with chance in it", () => {
    const waits = (random: number): number[] => {
      let policy = Backoff.first;
      return Array.from({ length: 8 }, () => {
        const { delayMs, policy: next } = policy.next(random);
        policy = next;
        return delayMs;
      });
    };
    assert.deepEqual(waits(0), [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    assert.deepEqual(waits(0.999_999).slice(0, 2), [1_000, 2_000]);
    assert.equal(Math.max(...waits(0.999_999)), 30_000);
  });

  it("does not change a policy that was used", () => {
    assert.equal(Backoff.first.next(0).delayMs, Backoff.first.next(0).delayMs);
  });
});
