import assert from "node:assert/strict";
import { GuessBackoff } from "../../../../../server/core/limits/guess-backoff.ts";

const options = { freeFailures: 3, forgetMs: 1_200_000, maxWaitMs: 300_000 };

function fail(throttle: GuessBackoff, nowMs: number, times = 1, key = "k"): void {
  for (let time = 0; time < times; time += 1) {
    throttle.begin(key);
    throttle.failed(key, nowMs);
  }
}

describe("a throttle", () => {
  it("doubles the wait from 1 s to the longest, after failures that are free [P-8.8]", () => {
    const throttle = new GuessBackoff(options);
    fail(throttle, 0, 2);
    assert.equal(throttle.waitMs("k", 0), 0);
    let nowMs = 0;
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]) {
      fail(throttle, nowMs);
      assert.equal(throttle.waitMs("k", nowMs), waitMs);
      assert.equal(throttle.waitMs("k", nowMs + waitMs - 1), 1);
      nowMs += waitMs;
      assert.equal(throttle.waitMs("k", nowMs), 0);
    }
  });

  it("counts attempts when they begin, so that many at once are as many as one after the other [P-8.8]", () => {
    const throttle = new GuessBackoff(options);
    let begun = 0;
    for (let attempt = 0; attempt < 66; attempt += 1) {
      if (throttle.isFull("k", 0)) continue;
      throttle.begin("k");
      begun += 1;
    }
    assert.equal(begun, 3);
    for (let attempt = 0; attempt < begun; attempt += 1) throttle.failed("k", 10);
    assert.equal(throttle.waitMs("k", 10), 1_000);
  });

  it("checks one at a time beyond the free failures, and the next when that one is done [P-8.8]", () => {
    const throttle = new GuessBackoff(options);
    fail(throttle, 0, 3);
    throttle.begin("k");
    assert.ok(throttle.waitMs("k", 500_000) > 0);
    throttle.dropped("k", 500_000);
    assert.equal(throttle.waitMs("k", 500_000), 0);
  });

  it("may count attempts only once they have failed, and lets any number of others be right meanwhile [P-8.8]", () => {
    const throttle = new GuessBackoff({ ...options, counts: "ended" });
    for (let attempt = 0; attempt < 300; attempt += 1) {
      assert.equal(throttle.waitMs("k", 0), 0);
      throttle.begin("k");
    }
    for (let attempt = 0; attempt < 297; attempt += 1) throttle.succeeded("k");
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.failed("k", 0);
    assert.equal(throttle.waitMs("k", 0), 1_000);
  });

  it("keeps keys apart, starts anew after a success, and forgets one failure each so often [P-8.8]", () => {
    const throttle = new GuessBackoff(options);
    fail(throttle, 0, 5);
    assert.equal(throttle.waitMs("other", 0), 0);
    throttle.begin("k");
    throttle.succeeded("k");
    assert.equal(throttle.waitMs("k", 0), 0);
    fail(throttle, 0, 3);
    assert.equal(throttle.waitMs("k", 0), 1_000);
    fail(throttle, options.forgetMs);
    assert.equal(throttle.waitMs("k", options.forgetMs), 1_000, "one more, and one was forgotten");
    fail(throttle, 1_000 * options.forgetMs, 2);
    assert.equal(throttle.waitMs("k", 1_000 * options.forgetMs), 0);
  });

  it("remembers what is under way across a success of another attempt", () => {
    const throttle = new GuessBackoff(options);
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin("k");
    throttle.succeeded("k");
    assert.equal(throttle.isFull("k", 0), false);
    throttle.begin("k");
    assert.equal(throttle.isFull("k", 0), true);
  });

  it("tells those that wait for others of each end, and turns away more than there is use for [P-8.8]", async () => {
    const throttle = new GuessBackoff(options);
    for (const end of [() => throttle.succeeded("k"), () => throttle.failed("k", 0), () => throttle.dropped("k", 0)]) {
      throttle.begin("k");
      const waiting = throttle.nextEnd("k");
      end();
      await waiting;
    }
    throttle.begin("k");
    const waits = Array.from({ length: 65 }, () => throttle.nextEnd("k"));
    assert.deepEqual([waits.indexOf(undefined), throttle.nextEnd("nobody")], [64, undefined]);
    for (let key = 0; key <= 20_000; key += 1) fail(throttle, 0, 1, String(key));
    await Promise.all(waits.filter((wait) => wait !== undefined));
  });

  it("has all failures forgotten in bounded time, however many there were", () => {
    const throttle = new GuessBackoff(options);
    fail(throttle, 0, 10_000);
    fail(throttle, 12 * options.forgetMs);
    assert.equal(throttle.waitMs("k", 12 * options.forgetMs), 0);
  });

  it("remembers a bounded number of keys, and sweeps those that it has nothing against", () => {
    const throttle = new GuessBackoff({ ...options, freeFailures: 1 });
    for (let key = 0; key <= 20_000; key += 1) fail(throttle, key, 1, String(key));
    assert.deepEqual([throttle.waitMs("0", 20_000) > 0, throttle.waitMs("20000", 20_000) > 0], [false, true]);
    throttle.failed("0", 20_000);
    throttle.sweep(options.forgetMs + 20_000);
    throttle.dropped("20000", options.forgetMs + 20_000);
    assert.equal(throttle.waitMs("20000", options.forgetMs + 20_000), 0);
  });
});
