import assert from "node:assert/strict";
import { Guard } from "../../../../server/core/guard.ts";
import { Throttle } from "../../../../server/core/throttle.ts";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

describe("a throttle", () => {
  const fail = (throttle: Throttle, nowMs: number, times = 1) => {
    for (let time = 0; time < times; time += 1) throttle.failed("k", nowMs);
  };

  it("doubles the wait from 1 s to 5 min, after failures that are free [P-8.8]", () => {
    const throttle = new Throttle({ freeFailures: 3 });
    fail(throttle, 0, 2);
    assert.equal(throttle.begin("k", 0), true);
    let nowMs = 0;
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]) {
      fail(throttle, nowMs);
      assert.equal(throttle.begin("k", nowMs + waitMs - 1), false);
      nowMs += waitMs;
      assert.equal(throttle.begin("k", nowMs), true);
    }
  });

  it("checks one attempt at a time once there were failures, so that guessing in parallel gains nothing [P-8.8]", () => {
    const throttle = new Throttle({ freeFailures: 1 });
    fail(throttle, 0);
    assert.deepEqual([throttle.begin("k", 1_000), throttle.begin("k", 1_000)], [true, false]);
    throttle.dropped("k");
    assert.equal(throttle.begin("k", 1_000), true);
  });

  it("keeps keys apart, and starts anew after a success or an hour [P-8.8]", () => {
    const throttle = new Throttle({ freeFailures: 1 });
    fail(throttle, 0, 5);
    assert.equal(throttle.begin("other", 0), true);
    throttle.succeeded("k");
    assert.equal(throttle.begin("k", 0), true);
    fail(throttle, 0, 30);
    throttle.sweep(3_600_000 - 1);
    throttle.failed("k", 3_600_000);
    assert.equal(throttle.begin("k", 3_601_000), false);
    throttle.sweep(2 * 3_600_000);
    assert.equal(throttle.begin("k", 2 * 3_600_000), true);
  });

  it("remembers a bounded number of keys", () => {
    const throttle = new Throttle({ freeFailures: 1 });
    for (let key = 0; key <= 20_000; key += 1) throttle.failed(String(key), 0);
    assert.deepEqual([throttle.begin("0", 0), throttle.begin("20000", 0)], [true, false]);
  });
});

describe("guessing passwords", () => {
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld();
  });

  async function signIn(password: string, username = "alice", address = "10.0.0.9"): Promise<unknown> {
    const link = world.connect(address);
    link.request({ type: "auth", username, password, id: 1 });
    await world.settle();
    const answer = link.answer(1);
    link.drop();
    return answer["code"] ?? answer["result"];
  }

  const refusedFor = async (link: MemoryLink) => {
    const { code, reason } = link.answer(1);
    await world.settle();
    return [code, typeof reason];
  };

  it("is throttled for the account, from wherever, until the wait is over [P-8.8]", async () => {
    await world.join("alice");
    for (let guess = 0; guess < 3; guess += 1) assert.equal(await signIn("x"), "bad_credentials");
    assert.equal(await signIn("pw", "alice", "10.9.9.9"), "throttled");
    await world.advance(1_000);
    assert.equal(await signIn("pw", "ALICE"), "ok");
    assert.equal(await signIn("x"), "bad_credentials");
    assert.equal(await signIn("pw"), "ok");
  });

  it("tells nothing about which names exist [P-8.8]", async () => {
    for (let guess = 0; guess < 3; guess += 1) assert.equal(await signIn("x", "nobody"), "bad_credentials");
    assert.equal(await signIn("x", "NOBODY"), "throttled");
  });

  it("is throttled for the address over all accounts, an IPv6 network being one, and not for others [P-8.8]", async () => {
    await world.join("alice");
    for (let guess = 0; guess < 20; guess += 1) {
      assert.equal(await signIn("x", `user${guess}`, `2001:db8::${guess.toString(16)}`), "bad_credentials");
    }
    assert.equal(await signIn("pw", "alice", "2001:db8::ffff"), "throttled");
    assert.equal(await signIn("pw", "alice", "2001:db8:0:1::1"), "ok");
  });

  it("counts no address of the server's own machine, where a proxy may stand for everybody [P-8.8]", async () => {
    await world.join("alice");
    for (let guess = 0; guess < 40; guess += 1) await signIn("x", `user${guess}`, "127.0.0.1");
    assert.equal(await signIn("pw", "alice", "127.0.0.1"), "ok");
  });

  it("does not lock out whoever has a token, nor end a session [P-8.8]", async () => {
    const alice = await world.join("alice");
    for (let guess = 0; guess < 6; guess += 1) await signIn("x");
    assert.equal(await signIn("pw"), "throttled");
    const link = world.connect("10.0.0.9");
    link.request({ type: "auth", token: alice.token, id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["result"], "ok");
    assert.deepEqual(await refusedFor(link), [undefined, "undefined"]);
  });

  it("starts anew with a new password, and with an attempt that was not checked", () => {
    const guard = new Guard();
    for (let guess = 0; guess < 3; guess += 1) guard.admit("alice old", "a", 0)?.("wrong", 0);
    assert.equal(guard.admit("alice old", "b", 0), undefined);
    assert.ok(guard.admit("alice new", "b", 0));
    guard.admit("alice old", "a", 1_000)?.("unknown", 1_000);
    assert.ok(guard.admit("alice old", "a", 1_000));
  });
});
