import assert from "node:assert/strict";
import { isLoopback } from "../../../base/loopback.ts";

describe("An address", () => {
  it("is this machine where it cannot be anything else", () => {
    for (const own of ["127.0.0.1", "127.1.2.3", "::1", "localhost", "::ffff:127.0.0.1"])
      assert.ok(isLoopback(own), own);
  });

  it("is another machine in every other case, also where it looks alike", () => {
    const others = ["0.0.0.0", "::", "192.168.1.1", "::ffff:10.0.0.1", "chat.example.com", "127.0.0.1.example.com", ""];
    for (const other of others) assert.ok(!isLoopback(other), other);
  });
});
