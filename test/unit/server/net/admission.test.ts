import assert from "node:assert/strict";
import { Admission } from "../../../../server/net/admission.ts";
import type { ConnectionLimits } from "../../../../server/net/admission.ts";

describe("admission of connections", () => {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, setTimer: () => ({ dispose: () => undefined }) };
  const make = (limits: Partial<ConnectionLimits> = {}) =>
    new Admission({ open: 32, perMinute: 64, loopback: false, ...limits }, clock);
  const admitted = (admission: Admission, times: number, address = "192.0.2.1") =>
    Array.from({ length: times }, () => admission.admit(address)).filter((leave) => leave !== undefined);

  beforeEach(() => {
    nowMs = 0;
  });

  it("takes 32 open ones an address, and another one for each that left [P-8.5]", () => {
    const admission = make();
    const leaves = admitted(admission, 40);
    assert.equal(leaves.length, 32);
    assert.equal(admitted(admission, 1, "192.0.2.2").length, 1);
    leaves[0]?.();
    assert.equal(admitted(admission, 2).length, 1);
  });

  it("takes 64 new ones in any minute, those refused not counted [P-8.5]", () => {
    const admission = make();
    const come = (times: number) => {
      const leaves = admitted(admission, times);
      for (const leave of leaves) leave();
      return leaves.length;
    };
    assert.equal(come(20), 20);
    nowMs = 30_000;
    for (const expected of [20, 20, 4, 0, 0]) assert.equal(come(20), expected);
    nowMs = 60_000;
    assert.equal(come(30), 20);
    nowMs = 89_999;
    assert.equal(come(1), 0);
    nowMs = 90_000;
    assert.equal(come(30), 30);
  });

  it("counts an IPv6 network as one address, and IPv4 alike on every socket [P-8.5]", () => {
    const admission = make({ open: 2 });
    assert.equal(admitted(admission, 1, "2001:db8::1").length, 1);
    assert.equal(admitted(admission, 2, "2001:db8::2").length, 1);
    assert.equal(admitted(admission, 1, "192.0.2.1").length, 1);
    assert.equal(admitted(admission, 2, "::ffff:192.0.2.1").length, 1);
  });

  it("does not count this machine unless it is told to, and nobody where the limit is 0 [P-8.5]", () => {
    for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
      assert.equal(admitted(make(), 100, address).length, 100);
      assert.equal(admitted(make({ loopback: true }), 100, address).length, 32);
    }
    assert.equal(admitted(make({ open: 0, perMinute: 0 }), 100).length, 100);
  });

  it("forgets addresses that are gone", () => {
    const admission = make();
    for (let host = 0; host < 200; host += 1) admission.admit(`192.0.2.${host}`)?.();
    nowMs = 120_000;
    const leave = admission.admit("198.51.100.1");
    assert.equal(admission.size, 1);
    leave?.();
  });
});
