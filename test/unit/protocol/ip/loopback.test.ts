import assert from "node:assert/strict";
import { isLoopback, loopbackTrust } from "../../../../protocol/ip/loopback.ts";

const loopback = ["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "localhost", "Localhost", "localhost."];
const mapped = ["::ffff:127.0.0.1", "::FFFF:7F00:1", "::ffff:127.9.9.9%lo"];
const others = [
  "0.0.0.0",
  "::",
  "192.168.1.1",
  "::ffff:10.0.0.1",
  "chat.example.com",
  "127.0.0.1.example.com",
  "",
  "::2",
];

describe("An address", () => {
  it("is a loopback address where it cannot be anything else, in any spelling", () => {
    for (const own of [...loopback, ...mapped]) assert.ok(isLoopback(own), own);
  });

  it("is none in every other case, also where it looks alike", () => {
    for (const other of others) assert.ok(!isLoopback(other), other);
  });

  it("is trusted if it is a loopback address, and if those are trusted", () => {
    const [trusts, distrusts] = [loopbackTrust(true), loopbackTrust(false)];
    for (const own of [...loopback, ...mapped]) assert.deepEqual([trusts(own), distrusts(own)], [true, false], own);
    for (const other of others) assert.deepEqual([trusts(other), distrusts(other)], [false, false], other);
  });
});
