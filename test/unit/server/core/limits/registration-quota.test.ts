import assert from "node:assert/strict";
import { RegistrationQuota } from "../../../../../server/core/limits/registration-quota.ts";

describe("the quota of new accounts", () => {
  const begin = (quota: RegistrationQuota, address: string, times: number, nowMs = 0): number => {
    let begun = 0;
    for (let time = 0; time < times; time += 1) if (quota.begin(address, nowMs) === 0) begun += 1;
    return begun;
  };

  it("is 100 an address group, counted when they begin, and 100 an hour after that [P-8.7]", () => {
    const quota = new RegistrationQuota(() => false);
    assert.equal(begin(quota, "203.0.113.7", 500), 100);
    assert.equal(quota.begin("203.0.113.7", 6_000), 30_000);
    assert.equal(begin(quota, "203.0.113.8", 1), 1);
    assert.equal(begin(quota, "203.0.113.7", 500, 3_600_000), 100);
    let network = 0;
    for (let host = 1; host < 300; host += 1) network += begin(quota, `2001:db8::${host.toString(16)}`, 1);
    assert.equal(network, 100);
  });

  it("does not hold for addresses that are trusted [P-8.7]", () => {
    const quota = new RegistrationQuota((address) => address === "203.0.113.7");
    assert.equal(begin(quota, "203.0.113.7", 500), 500);
    assert.equal(begin(quota, "203.0.113.8", 500), 100);
  });

  it("is given back for what was not worked on, and forgets addresses that it has nothing against", () => {
    const quota = new RegistrationQuota(() => false);
    begin(quota, "203.0.113.7", 100);
    quota.takeBack("203.0.113.7");
    quota.takeBack("203.0.113.9");
    assert.equal(begin(quota, "203.0.113.7", 9), 1);
    quota.sweep(24 * 3_600_000);
    assert.equal(begin(quota, "203.0.113.7", 500, 24 * 3_600_000), 100);
  });

  it("is kept for a bounded number of addresses", () => {
    const quota = new RegistrationQuota(() => false);
    begin(quota, "first", 100);
    for (let address = 0; address < 20_000; address += 1) begin(quota, `a${address}`, 1);
    assert.equal(begin(quota, "first", 9), 9);
  });
});
