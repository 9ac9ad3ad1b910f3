import assert from "node:assert/strict";
import { utf8Bytes } from "../../../../../protocol/wire/frame.ts";
import { limits } from "../../../../../protocol/limits.ts";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("people, presence and signals", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bob: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice", { presence: true });
    bob = await world.join("bob", { presence: true });
    alice.lines.length = 0;
  });

  const answer = (link: MemoryLink, request: object) => world.ask(link, request);

  it("lists those who are online, the asker included, without result [P-4.4]", async () => {
    assert.deepEqual(await answer(alice, { type: "online" }), { alice: "alice", bob: "bob" });
  });

  it("lists however many they are, and is right after each who comes or goes [P-4.4]", async () => {
    const names = Array.from({ length: 1_500 }, (_, index) => "x".repeat(58) + String(index).padStart(6, "0"));
    for (const name of names) await world.join(name);
    const map = await answer(alice, { type: "online" });
    assert.deepEqual(Object.keys(map).sort(), ["alice", "bob", ...names]);
    assert.ok(JSON.stringify(map).length > 2 * limits.maxFrameBytes);
    await answer(bob, { type: "logout" });
    assert.equal("bob" in (await answer(alice, { type: "online" })), false);
    await world.join("bob");
    assert.equal("bob" in (await answer(alice, { type: "online" })), true);
    alice.request({ type: "online" });
    await world.settle();
    assert.equal(Object.keys(alice.lines.at(-1) ?? {}).length, 1_502);
  });

  it("lists with the id as it came, also where nobody else is there [P-4.4, P-2.2]", async () => {
    world = new MemoryWorld();
    const carol = await world.join('c"arol');
    carol.request({ type: "online", id: 'a "quote"' });
    carol.request({ type: "online" });
    await world.settle();
    assert.deepEqual(carol.lines, [{ id: 'a "quote"', 'c"arol': 'c"arol' }, { 'c"arol': 'c"arol' }]);
  });

  it("shows a long block list in pages, in the order of the names [P-4.12]", async () => {
    const names = Array.from({ length: 450 }, (_, index) => `person${String(index).padStart(3, "0")}`);
    for (const name of names) {
      await world.join(name);
      await answer(alice, { type: "block", target: name });
    }
    const pages: string[][] = [];
    let after: unknown;
    do {
      const page = await answer(alice, { type: "blocked", ...(after !== undefined && { after }) });
      pages.push(page["users"] as string[]);
      after = page["next"];
    } while (after !== undefined);
    assert.deepEqual(pages.flat(), names);
    assert.deepEqual(
      pages.map(({ length }) => length),
      [200, 200, 50],
    );
    assert.equal(((await answer(alice, { type: "blocked", limit: 7 }))["users"] as unknown[]).length, 7);
    assert.equal((await answer(alice, { type: "blocked", limit: 201 }))["code"], "bad_request");
  });

  it("blocks and unblocks, twice as well as once, and refuses an unknown target and oneself [P-4.5, P-4.6]", async () => {
    for (const type of ["block", "block", "unblock", "unblock"]) {
      assert.deepEqual(await answer(alice, { type, target: "BOB" }), { result: "ok" });
    }
    for (const type of ["block", "unblock"]) {
      assert.equal((await answer(alice, { type, target: "nobody" }))["code"], "no_such_user");
      assert.equal((await answer(alice, { type, target: "Alice" }))["code"], "bad_request");
    }
  });

  it("shows one's own block list [P-4.12]", async () => {
    await answer(alice, { type: "block", target: "bob" });
    assert.deepEqual(await answer(alice, { type: "blocked" }), { result: "ok", users: ["bob"] });
    assert.deepEqual(await answer(bob, { type: "blocked" }), { result: "ok", users: [] });
  });

  it("keeps somebody who is blocked from messages, broadcasts, signals and lists [P-4.2 to P-4.4, P-4.11]", async () => {
    await answer(alice, { type: "block", target: "bob" });
    assert.equal((await answer(bob, { type: "message", to: "alice", msg: "x" }))["code"], "blocked");
    assert.equal((await answer(bob, { type: "signal", to: "alice", kind: "typing" }))["code"], "blocked");
    assert.equal((await answer(bob, { type: "broadcast", msg: "x" }))["delivered"], 0);
    assert.deepEqual(await answer(bob, { type: "online" }), { bob: "bob" });
    assert.deepEqual(await answer(bob, { type: "users" }), { result: "ok", users: [] });
    assert.equal((await answer(bob, { type: "address", target: "alice" }))["code"], "blocked");
    assert.deepEqual(alice.texts, []);
    assert.equal((await answer(alice, { type: "message", to: "bob", msg: "x" }))["result"], "ok");
  });

  it("takes a person who blocks off the blocked one's screen, and puts them back [P-6.5]", async () => {
    await answer(alice, { type: "block", target: "bob" });
    assert.equal(bob.ofType("offline")[0]?.["from"], "alice");
    await answer(alice, { type: "presence", state: "away" });
    assert.deepEqual(bob.ofType("presence"), []);
    await answer(alice, { type: "unblock", target: "bob" });
    const { from, state } = bob.ofType("presence")[0] ?? {};
    assert.deepEqual({ from, state }, { from: "alice", state: "away" });
  });

  it("answers unavailable when a block cannot be stored, and does not pretend [P-4.5]", async () => {
    world.disk.works = false;
    assert.equal((await answer(alice, { type: "block", target: "bob" }))["code"], "unavailable");
    assert.equal((await answer(bob, { type: "message", to: "alice", msg: "x" }))["result"], "ok");
  });

  it("tells those who asked for presence, and nobody else [P-4.13, P-6.5]", async () => {
    const plain = await world.join("carol");
    await answer(bob, { type: "presence", state: "away", text: "lunch" });
    const [joined, away] = alice.ofType("presence");
    assert.deepEqual([joined?.["from"], joined?.["state"]], ["carol", "available"]);
    assert.deepEqual([away?.["from"], away?.["state"], away?.["text"]], ["bob", "away", "lunch"]);
    assert.deepEqual(plain.ofType("presence"), []);
    assert.deepEqual(
      bob.ofType("presence").map((push) => push["from"]),
      ["carol"],
    );
  });

  it("passes a signal on to someone online who asked for presence, and never stores one [P-4.14, P-6.6]", async () => {
    assert.deepEqual(await answer(alice, { type: "signal", to: "bob", kind: "read", upto: "m1" }), { result: "ok" });
    const { from, kind, upto } = bob.ofType("signal")[0] ?? {};
    assert.deepEqual({ from, kind, upto }, { from: "alice", kind: "read", upto: "m1" });
    await answer(bob, { type: "logout" });
    assert.deepEqual(await answer(alice, { type: "signal", to: "bob", kind: "typing" }), { result: "ok" });
    assert.equal((await answer(alice, { type: "signal", to: "nobody", kind: "typing" }))["code"], "no_such_user");
  });

  it("pages through the directory in the order of the names [P-4.11]", async () => {
    for (const name of ["Dora", "carl", "dave", "eve"])
      await world.join(name).then((link) => link.request({ type: "logout" }));
    await world.settle();
    const first = await answer(alice, { type: "users", limit: 3 });
    const entry = (name: string, account: number, state = "offline") => ({
      name,
      account: `account-${account}`,
      state,
    });
    assert.deepEqual(first, {
      result: "ok",
      users: [entry("bob", 2, "available"), entry("carl", 4), entry("dave", 5)],
      next: "dave",
    });
    const second = await answer(alice, { type: "users", limit: 3, after: "dave" });
    assert.deepEqual(second, { result: "ok", users: [entry("Dora", 3), entry("eve", 6)] });
    assert.deepEqual((await answer(alice, { type: "users", prefix: "D" }))["users"], [
      entry("dave", 5),
      entry("Dora", 3),
    ]);
  });

  it("ends a page of the directory where a line ends [P-1.3, P-4.11]", async () => {
    const text = "\u0001".repeat(140);
    for (let index = 0; index < 120; index += 1) {
      const person = await world.join("x".repeat(58) + String(index).padStart(6, "0"));
      person.request({ type: "presence", state: "away", text });
    }
    const page = await answer(bob, { type: "users" });
    const { length } = page["users"] as unknown[];
    assert.ok(length > 60 && length < 70, `${length}`);
    assert.ok(utf8Bytes(JSON.stringify({ ...page, id: "?" })) <= 65_536);
    const next = await answer(bob, { type: "users", after: page["next"] });
    assert.equal(length + (next["users"] as unknown[]).length, 121);
    assert.equal(next["next"], undefined);
  });

  it("takes a broadcast that reached nobody for a new one when it is sent again [P-4.3]", async () => {
    const request = { type: "broadcast", msg: "hello", mid: "b1" };
    bob.request({ type: "logout" });
    await world.settle();
    assert.deepEqual(await answer(alice, request), { result: "ok", delivered: 0 });
    const again = await world.join("bob");
    assert.deepEqual(await answer(alice, request), { result: "ok", delivered: 1 });
    assert.deepEqual(again.texts, ["hello"]);
  });

  it("counts to how many people a broadcast went, once for a repeated mid [P-4.3, P-5.4]", async () => {
    await world.join("carol");
    const request = { type: "broadcast", msg: "hello", mid: "b1", ts: 3 };
    assert.deepEqual(await answer(alice, request), { result: "ok", delivered: 2 });
    assert.deepEqual(await answer(alice, request), { result: "ok", delivered: 2 });
    const [push, ...more] = bob.ofType("message");
    assert.deepEqual(more, []);
    const { from, msg, mid, ts, broadcast } = push ?? {};
    assert.deepEqual(
      { from, msg, mid, ts, broadcast },
      { from: "alice", msg: "hello", mid: "b1", ts: 3, broadcast: true },
    );
    assert.deepEqual(alice.texts, []);
  });

  it("registers a name once, whatever its case, and refuses bad ones [P-4.10, P-3.1]", async () => {
    const link = world.connect();
    const register = (username: string) => answer(link, { type: "register", username, password: "pw" });
    assert.deepEqual(await register("Émile"), { result: "ok" });
    assert.equal((await register("émile"))["code"], "name_taken");
    assert.equal((await register("has space"))["code"], "bad_name");
    assert.equal((await register("RESULT"))["code"], "bad_name");
    assert.equal((await answer(link, { type: "alive" }))["code"], "not_authenticated");
  });

  it("refuses to register where that is closed, or cannot be stored [P-4.10]", async () => {
    const closed = new MemoryWorld({ registration: "closed" });
    const link = closed.connect();
    link.request({ type: "register", username: "x", password: "pw", id: 1 });
    await closed.settle();
    assert.equal(link.answer(1)["code"], "registration_closed");
    world.disk.works = false;
    assert.equal(
      (await answer(world.connect(), { type: "register", username: "x", password: "p" }))["code"],
      "unavailable",
    );
  });

  it("takes passwords of 1 to 1,024 characters [P-8.2]", async () => {
    const link = world.connect();
    for (const [password, code] of [
      ["", "bad_request"],
      ["x".repeat(1_025), "bad_request"],
      ["x".repeat(1_024), undefined],
    ]) {
      assert.equal((await answer(link, { type: "register", username: "long", password }))["code"], code);
    }
  });

  it("refuses a message of more than 61,440 bytes as JSON, and replaces half characters [P-4.2]", async () => {
    const fits = "é".repeat((61_440 - 2) / 2);
    assert.equal((await answer(alice, { type: "message", to: "bob", msg: fits }))["result"], "ok");
    for (const msg of [`${fits}x`, "\u0001".repeat(10_240), "x".repeat(61_439)]) {
      assert.equal((await answer(alice, { type: "message", to: "bob", msg }))["code"], "too_large");
    }
    await answer(alice, { type: "message", to: "bob", msg: "\ud800" });
    assert.equal(bob.texts.at(-1), "\ufffd");
  });
});
