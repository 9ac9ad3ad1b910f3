import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "../../../../../server/core/limits/token-bucket.ts";

const rate = 20;
const burst = 200;

describe("a token bucket", () => {
  const spendAll = (bucket: TokenBucket, nowMs: number) => {
    for (let time = 0; time < burst; time += 1) assert.equal(bucket.spend(1, nowMs), true);
  };

  it("is filled again as time goes by, but no more than a burst is saved up [P-8.6]", () => {
    const bucket = new TokenBucket(rate, 10, 0);
    spendAll(bucket, 0);
    assert.equal(bucket.spend(1, 0), false);
    assert.equal(bucket.isWithin(48), false);
    assert.equal(bucket.isWithin(51), true);
    spendAll(bucket, 1_000_000);
    assert.equal(bucket.spend(1, 1_000_000), false);
  });

  it("may be overdrawn by what has to be served, and is waited for until that is paid", () => {
    const bucket = new TokenBucket(rate, 10, 0);
    assert.equal(bucket.spend(burst + 100, 0), false);
    assert.equal(bucket.isWithin(4_999), false);
    assert.equal(bucket.isWithin(5_000), true);
  });

  it("is full when all that was spent came back", () => {
    const bucket = new TokenBucket(rate, 10, 0);
    assert.equal(bucket.isFull(0), true);
    bucket.spend(1, 0);
    assert.deepEqual([bucket.isFull(48), bucket.isFull(51)], [false, true]);
  });

  it("keeps what was spent when it gets larger", () => {
    const bucket = new TokenBucket(rate, 10, 0);
    bucket.spend(burst + 1, 0);
    bucket.scale(4, 0);
    assert.equal(bucket.spend(3 * burst - 1, 0), true);
    assert.equal(bucket.spend(1, 0), false);
    assert.equal(bucket.isWithin(13), true);
  });

  it("without a rate has no limit", () => {
    const bucket = new TokenBucket(0, 10, 0);
    bucket.scale(4, 0);
    assert.deepEqual([bucket.spend(1e9, 0), bucket.isWithin(0), bucket.isFull(0)], [true, true, true]);
  });

  it("never gives more than a burst and what came back since, however it is asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.nat(20_000)), { maxLength: 60 }),
        (steps) => {
          const bucket = new TokenBucket(rate, 10, 0);
          let [given, nowMs] = [0, 0];
          for (const [tokens, laterMs] of steps) {
            nowMs += laterMs;
            if (bucket.spend(tokens, nowMs)) given += tokens;
            else bucket.spend(-tokens, nowMs);
          }
          assert.ok(given <= burst + (nowMs * rate) / 1_000 + 1e-6);
        },
      ),
    );
  });
});
