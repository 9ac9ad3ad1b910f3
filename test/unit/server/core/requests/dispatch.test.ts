import assert from "node:assert/strict";
import { routes } from "../../../../../server/core/requests/routes.ts";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const everyType = routes.map(({ type }) => type);

describe("requests and who asks", () => {
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld();
  });

  const answer = (link: MemoryLink, request: object) => world.ask(link, request);

  it("serves the nine requests of the seed and seven more [P-4]", () => {
    const seed = ["auth", "message", "broadcast", "online", "block", "unblock", "logout", "address", "alive"];
    assert.deepEqual(everyType, [...seed, "register", "pins", "users", "blocked", "presence", "signal", "invite"]);
  });

  it("answers requests without id in their order, and those with id at once [P-2.2]", async () => {
    const bob = await world.join("bob", { acks: true });
    const alice = await world.join("alice");
    alice.request({ type: "message", to: "bob", msg: "waits for bob" });
    alice.request({ type: "alive" });
    alice.request({ type: "alive", id: 7 });
    await world.settle();
    assert.deepEqual(alice.lines, [{ id: 7, result: "ok" }]);
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.lines.slice(1), [{ result: "ok", delivery: "delivered" }, { result: "ok" }]);
  });

  it("gives the id back as it came [P-2.2]", async () => {
    const alice = await world.join("alice");
    for (const id of [0, -1.5, "", "x".repeat(128), 'quote"']) {
      alice.request({ type: "alive", id });
      await world.settle();
      assert.deepEqual(alice.lines.pop(), { id, result: "ok" });
    }
  });

  it("answers an unknown type with unknown_type and a wrong id or type with bad_request [P-2.1, P-2.3]", async () => {
    const alice = await world.join("alice");
    assert.equal((await answer(alice, { type: "dance" }))["code"], "unknown_type");
    for (const body of [
      {},
      { type: 5 },
      { type: null },
      { type: "alive", id: {} },
      { type: "alive", id: "x".repeat(129) },
    ]) {
      alice.request(body);
      await world.settle();
      assert.equal(alice.lastAnswer["code"], "bad_request");
    }
    assert.equal(alice.closed, false);
  });

  it("refuses numbers as ids that would come back as others [P-2.2]", async () => {
    const alice = await world.join("alice");
    for (const id of [2 ** 53, -(2 ** 53), 1_795_945_154_200_958_037, Infinity]) {
      alice.request({ type: "alive", id });
      await world.settle();
      const { code, reason } = alice.lines.pop() ?? {};
      assert.equal(code, "bad_request");
      assert.ok(String(reason).includes("9007199254740991"));
    }
    for (const id of [2 ** 53 - 1, -(2 ** 53) + 1]) {
      assert.equal((await world.ask(alice, { type: "alive" }))["result"], "ok");
      alice.request({ type: "alive", id });
      await world.settle();
      assert.deepEqual(alice.lines.pop(), { id, result: "ok" });
    }
  });

  it("takes null for a field that was left out, wherever that is allowed [P-1.2]", async () => {
    const bob = await world.join("bob");
    const alice = await world.join("alice");
    const nothing = { id: null, from: null, token: null, mid: null, ts: null, ref: null };
    alice.request({ ...nothing, type: "message", to: "bob", msg: "x" });
    alice.request({ ...nothing, type: "users", prefix: null, after: null, limit: null });
    alice.request({ ...nothing, type: "presence", state: "away", text: null });
    alice.request({
      ...nothing,
      type: "auth",
      username: "alice",
      password: "pw",
      port: null,
      addresses: null,
      device: null,
    });
    await world.settle();
    assert.deepEqual(
      alice.lines.map(({ result }) => result),
      ["ok", "ok", "ok", "ok"],
    );
    assert.equal("ref" in (bob.ofType("message")[0] ?? {}), false);
    assert.equal((await answer(alice, { type: "message", to: "bob", msg: null }))["code"], "bad_request");
    alice.request({ id: null, type: null });
    await world.settle();
    assert.equal(alice.lastAnswer["code"], "bad_request");
  });

  it("takes a time that a Date can hold, and no other [P-4.2]", async () => {
    const bob = await world.join("bob");
    const alice = await world.join("alice");
    const last = 8_640_000_000_000_000;
    assert.equal((await answer(alice, { type: "message", to: "bob", msg: "x", ts: last }))["result"], "ok");
    assert.equal(bob.ofType("message")[0]?.["ts"], last);
    for (const ts of [last + 1, Number.MAX_SAFE_INTEGER, -1, 1.5, "5"]) {
      for (const request of [{ type: "message", to: "bob" }, { type: "broadcast" }]) {
        assert.equal((await answer(alice, { ...request, msg: "x", ts }))["code"], "bad_request");
      }
    }
  });

  for (const type of everyType.filter((each) => !["auth", "register", "pins"].includes(each))) {
    it(`refuses ${type} before authentication, naming the three ways [P-3.3]`, async () => {
      const { code, reason } = await answer(world.connect(), { type });
      assert.equal(code, "not_authenticated");
      for (const way of ["auth", "token", "--classic"]) assert.ok(String(reason).includes(way));
    });
  }

  it("refuses a from that is somebody else, and takes any spelling of oneself [P-3.2]", async () => {
    await world.join("bob");
    const alice = await world.join("Alice");
    assert.equal((await answer(alice, { type: "alive", from: "bob" }))["code"], "not_you");
    assert.equal((await answer(alice, { type: "alive", from: "ALICE" }))["result"], "ok");
    assert.equal((await answer(alice, { type: "alive" }))["result"], "ok");
    assert.equal((await answer(alice, { type: "alive", from: 5 }))["code"], "bad_request");
    assert.equal((await answer(alice, { type: "alive", from: "" }))["code"], "not_you");
    assert.equal((await answer(alice, { type: "alive", from: "nobody" }))["code"], "not_you");
  });

  it("names the field that is missing or mistyped, for every request that has one [P-2.3]", async () => {
    const alice = await world.join("alice");
    const wrong: [object, string][] = [
      [{ type: "auth" }, "auth"],
      [{ type: "auth", username: 5, password: "x" }, "username"],
      [{ type: "message", msg: "x" }, "to"],
      [{ type: "message", to: "bob" }, "msg"],
      [{ type: "message", to: "bob", msg: 5 }, "msg"],
      [{ type: "message", to: "bob", msg: "x", mid: "" }, "mid"],
      [{ type: "message", to: "bob", msg: "x", ts: -1 }, "ts"],
      [{ type: "message", to: "alice", msg: "x", mid: "\ud800" }, "mid"],
      [{ type: "broadcast" }, "msg"],
      [{ type: "block" }, "target"],
      [{ type: "unblock", target: [] }, "target"],
      [{ type: "address" }, "target"],
      [{ type: "register", username: "x" }, "password"],
      [{ type: "users", limit: 201 }, "limit"],
      [{ type: "presence", state: "asleep" }, "state"],
      [{ type: "presence", state: "away", text: "x".repeat(141) }, "text"],
      [{ type: "signal", to: "bob", kind: "wave" }, "kind"],
      [{ type: "alive", token: 5 }, "token"],
    ];
    for (const [request, field] of wrong) {
      const { code, reason } = await answer(alice, request);
      assert.equal(code, "bad_request", JSON.stringify(request));
      assert.ok(String(reason).includes(field), `${String(reason)} names ${field}`);
    }
  });

  it("refuses as the seed prints it: fail, the reason, or fail with null address [P-2.4, P-4.8]", async () => {
    const alice = await world.join("alice");
    const block = await answer(alice, { type: "block", target: "nobody" });
    assert.equal(block["result"], "fail");
    const message = await answer(alice, { type: "message", to: "nobody", msg: "x" });
    assert.equal(message["result"], message["reason"]);
    const { result, ip, port, code } = await answer(alice, { type: "address", target: "nobody" });
    assert.deepEqual({ result, ip, port, code }, { result: "fail", ip: "null", port: "null", code: "no_such_user" });
  });

  it("serves a request with a token as that user's, on a connection that stays nobody's [P-3.4]", async () => {
    const bob = await world.join("bob");
    const alice = await world.join("alice");
    const link = world.connect();
    assert.equal((await answer(link, { type: "message", to: "bob", msg: "x", token: alice.token }))["result"], "ok");
    assert.equal(bob.ofType("message")[0]?.["from"], "alice");
    assert.equal((await answer(link, { type: "alive" }))["code"], "not_authenticated");
    assert.equal((await answer(link, { type: "alive", token: "wrong" }))["code"], "not_authenticated");
    assert.equal((await answer(link, { type: "alive", token: alice.token, from: "bob" }))["code"], "not_you");
  });

  it("believes a from by its address only with --classic, and only from where that user signed in [P-3.5]", async () => {
    world = new MemoryWorld({ classic: true });
    await world.join("alice", {}, "10.0.0.1");
    const near = world.connect("10.0.0.1");
    const far = world.connect("10.0.0.2");
    assert.equal((await answer(near, { type: "alive", from: "alice" }))["result"], "ok");
    assert.equal((await answer(far, { type: "alive", from: "alice" }))["code"], "not_authenticated");
    assert.equal((await answer(near, { type: "alive" }))["code"], "not_authenticated");
    assert.deepEqual(await answer(near, { type: "online" }), { alice: "alice" });
    assert.equal((await answer(far, { type: "online" }))["code"], "not_authenticated");
    assert.equal((await answer(near, { type: "alive", from: "nobody" }))["code"], "not_authenticated");
  });

  it("logs of an unknown type what is enough to tell it, so that nobody fills the disk", async () => {
    const types: unknown[] = [];
    world.core.ports.log.info = (event, fields) => event === "refused" && types.push(fields?.["type"]);
    const link = world.connect();
    link.request({ type: "\u0000".repeat(4_000), id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["code"], "unknown_type");
    assert.deepEqual(types, ["\u0000".repeat(32)]);
  });

  it("answers a failing handler with internal and goes on", async () => {
    const alice = await world.join("alice");
    world.directory.of = () => {
      throw new Error("a bug");
    };
    assert.equal((await answer(alice, { type: "blocked" }))["code"], "internal");
    assert.equal((await answer(alice, { type: "alive" }))["result"], "ok");
  });

  it("goes on where a promised answer cannot be given: the process is not ended by it", async () => {
    await world.join("alice");
    const link = world.connect();
    let bugs = 1;
    world.core.ports.log.info = () => {
      bugs -= 1;
      if (bugs === 0) throw new Error("a bug");
    };
    link.request({ type: "auth", username: "alice", password: "wrong" });
    link.request({ type: "auth", username: "alice", password: "pw", id: 2 });
    await world.settle();
    assert.equal(link.answer(2)["result"], "ok");
  });
});
