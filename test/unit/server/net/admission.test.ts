import assert from "node:assert/strict";
import { loopbackTrust } from "../../../../protocol/ip/loopback.ts";
import { Admission, defaultConnectionLimits } from "../../../../server/net/admission.ts";
import type { ConnectionLimits } from "../../../../server/net/admission.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("admission of connections [P-8.5]", () => {
  let clock: FakeClock;
  const make = (limits: Partial<ConnectionLimits> = {}, trusted = true) =>
    new Admission({ open: 32, perMinute: 64, loopback: false, ...limits }, clock, loopbackTrust(trusted));
  const admitted = (admission: Admission, times: number, address = "192.0.2.1") =>
    Array.from({ length: times }, () => admission.admit(address)).filter((each) => each !== undefined);

  beforeEach(() => {
    clock = new FakeClock();
  });

  it("takes so many open ones per address, and another one for each that left", () => {
    const admission = make();
    const taken = admitted(admission, 40);
    assert.equal(taken.length, 32);
    assert.equal(admitted(admission, 1, "192.0.2.2").length, 1);
    taken[0]?.leave();
    assert.equal(admitted(admission, 2).length, 1);
  });

  it("takes so many new ones in any minute, however soon the others leave", () => {
    const admission = make();
    for (let count = 0; count < 64; count += 1) {
      for (const each of admitted(admission, 1)) each.leave();
      clock.advance(100);
    }
    assert.equal(admitted(admission, 1).length, 0);
    clock.advance(60_000 - 6_400);
    assert.equal(admitted(admission, 2).length, 1);
  });

  it("counts nobody who signed in: neither as open nor as new", () => {
    const admission = make();
    for (let count = 0; count < 300; count += 1) {
      const [one] = admitted(admission, 1);
      assert.ok(one, `person ${count + 1}`);
      one.setTrusted(true);
    }
  });

  it("lets 300 people behind one address come back at once, by default, and the strangers there no further", () => {
    const admission = make(defaultConnectionLimits);
    const people = admitted(admission, 300);
    assert.equal(people.length, 300);
    for (const each of people) each.setTrusted(true);
    assert.equal(admitted(admission, 1_000).length, 512);
  });

  it("counts a connection as open again when nobody is signed in on it any more, once", () => {
    const admission = make({ open: 2 });
    const [one] = admitted(admission, 1);
    assert.ok(one);
    for (const trusted of [true, true, false, false]) one.setTrusted(trusted);
    assert.equal(admitted(admission, 5).length, 1);
    one.leave();
    one.leave();
    one.setTrusted(true);
    one.setTrusted(false);
    assert.equal(admitted(admission, 5).length, 1);
  });

  it("counts an IPv6 network of 64 bits as one, and every spelling of an address", () => {
    const admission = make({ open: 2 });
    const network = ["2001:db8::1", "2001:DB8::2", "2001:db8:0:0:1::"].flatMap((each) => admitted(admission, 1, each));
    assert.equal(network.length, 2);
    const spelt = ["::ffff:192.0.2.9", "::FFFF:C000:209", "192.0.2.9"].flatMap((each) => admitted(admission, 1, each));
    assert.equal(spelt.length, 2);
  });

  it("counts no loopback address, unless it is told to, or they are not trusted", () => {
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      assert.equal(admitted(make(), 100, address).length, 100, address);
      assert.equal(admitted(make({ loopback: true }), 100, address).length, 32, address);
      assert.equal(admitted(make({}, false), 100, address).length, 32, address);
    }
  });

  it("has no limit where it is 0", () => {
    assert.equal(admitted(make({ open: 0, perMinute: 0 }), 1_000).length, 1_000);
    assert.equal(admitted(make({ open: 0 }), 1_000).length, 64);
    assert.equal(admitted(make({ perMinute: 0 }), 1_000).length, 32);
  });

  it("forgets addresses that nobody comes from any more", () => {
    const admission = make();
    for (let n = 0; n < 200; n += 1) for (const each of admitted(admission, 1, `198.51.100.${n}`)) each.leave();
    assert.equal(admission.size, 200);
    clock.advance(61_000);
    admitted(admission, 1, "203.0.113.1");
    clock.advance(61_000);
    admitted(admission, 1, "203.0.113.2");
    assert.equal(admission.size, 2, "one is open, one is new");
  });
});
