import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("the end of a session", () => {
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld();
  });

  async function online(asker: MemoryLink): Promise<string[]> {
    return Object.keys(await world.ask(asker, { type: "online" })).sort();
  }

  it("ends the token of a killed session [P-3.4]", async () => {
    const first = await world.join("alice");
    await world.join("alice");
    const alive = await world.ask(world.connect(), { type: "alive", token: first.token });
    assert.equal(alive["code"], "not_authenticated");
  });

  it("survives the loss of its link and ends 60 s after the last sign of life [P-3.6, P-4.9]", async () => {
    const watcher = await world.join("watcher", { presence: true });
    const alice = await world.join("alice");
    alice.drop();
    for (let round = 0; round < 2; round += 1) {
      await world.advance(29_000);
      watcher.request({ type: "alive" });
      await world.settle();
    }
    assert.deepEqual(await online(watcher), ["alice", "watcher"]);
    await world.advance(3_000);
    assert.deepEqual(await online(watcher), ["watcher"]);
    assert.equal(watcher.ofType("offline")[0]?.["from"], "alice");
  });

  it("closes the link of a session that was silent for 60 s and keeps its token [P-4.9]", async () => {
    const alice = await world.join("alice");
    await world.advance(61_000);
    assert.equal(alice.closed, true);
    const link = world.connect();
    link.request({ type: "alive", token: alice.token, id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["result"], "ok");
  });

  it("counts answers to pushes as signs of life [P-4.9]", async () => {
    const alice = await world.join("alice", { acks: true });
    for (let round = 0; round < 4; round += 1) {
      await world.advance(30_000);
      alice.request({ id: 0, result: "ok" });
    }
    assert.equal(alice.closed, false);
  });

  it("ends session and token at logout, and leaves the connection to nobody [P-4.7]", async () => {
    const watcher = await world.join("watcher", { presence: true });
    const alice = await world.join("alice");
    alice.request({ type: "logout", from: "alice", id: 1 });
    alice.request({ type: "alive", id: 2 });
    alice.request({ type: "alive", token: alice.token, id: 3 });
    await world.settle();
    assert.deepEqual(alice.answer(1), { id: 1, result: "ok" });
    assert.equal(alice.answer(2)["code"], "not_authenticated");
    assert.equal(alice.answer(3)["code"], "not_authenticated");
    assert.equal(alice.closed, false);
    assert.equal(watcher.ofType("offline")[0]?.["from"], "alice");
  });

  it("ends the session that was opened with the token while that was being ended [P-4.7]", async () => {
    const alice = await world.join("alice", { device: "laptop" });
    const revoke = world.tokens.revoke.bind(world.tokens);
    const again = world.connect();
    // The token is good until its end is on the disk.
    world.tokens.revoke = (hash) => {
      again.request({ type: "auth", token: alice.token, device: "laptop", id: "again" });
      return revoke(hash);
    };
    alice.request({ type: "logout", id: 1 });
    await world.settle();
    assert.deepEqual([again.answer("again")["result"], alice.answer(1)["result"]], ["ok", "ok"]);
    assert.deepEqual(await online(await world.join("bob")), ["bob"]);
    again.request({ type: "alive", id: 2 });
    await world.settle();
    assert.equal(again.answer(2)["code"], "not_authenticated");
  });

  it("keeps the session when the token cannot be ended on disk [P-4.7]", async () => {
    const alice = await world.join("alice");
    world.disk.works = false;
    alice.request({ type: "logout", id: 1 });
    await world.settle();
    world.disk.works = true;
    alice.request({ type: "alive", id: 2 });
    await world.settle();
    assert.equal(alice.answer(1)["code"], "unavailable");
    assert.equal(alice.answer(2)["result"], "ok");
  });

  it("ends a token that was not used for 30 days [P-3.4]", async () => {
    const alice = await world.join("alice");
    alice.drop();
    await world.advance(61_000);
    world.skip(30 * 24 * 60 * 60 * 1_000);
    const link = world.connect();
    link.request({ type: "auth", token: alice.token, id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["code"], "bad_credentials");
  });

  it("ends the session of an account that an operator removed, and says so", async () => {
    const alice = await world.join("alice");
    world.remove(1);
    await world.settle();
    assert.equal(alice.ofType("kill")[0]?.["reason"], "this account was removed.");
    assert.equal(alice.ofType("kill").length, 1);
    assert.equal(alice.closed, true);
  });
});
