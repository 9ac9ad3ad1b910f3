import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("asking for an address", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
  });

  async function ask(target: string, id: string | number = "a"): Promise<void> {
    alice.request({ type: "address", target, id });
    await world.settle();
  }

  /** The first no holds for 30 s; everybody is heard of meanwhile. */
  async function untilNoIsOver(...others: MemoryLink[]): Promise<void> {
    await world.advance(30_000);
    for (const link of [alice, ...others]) link.request({ type: "alive" });
    await world.settle();
  }

  it("gives the address only after the target agreed [P-4.8, P-6.3]", async () => {
    const bob = await world.join("bob", { port: 4_242 }, "10.1.1.1");
    await ask("bob");
    assert.equal(bob.ofType("request")[0]?.["from"], "alice");
    assert.deepEqual(alice.answer("a"), {});
    bob.consent();
    await world.settle();
    assert.deepEqual(alice.answer("a"), { id: "a", result: "ok", ip: "10.1.1.1", port: "4242" });
  });

  it("takes the answer of a client that answers in order without ids [P-2.2]", async () => {
    const bob = await world.join("bob", { port: 4_242 });
    alice.request({ type: "message", to: "bob", msg: "x" });
    await ask("bob");
    bob.request({ result: "ok" });
    await world.settle();
    assert.deepEqual(alice.answer("a"), {});
    bob.request({ result: "ok" });
    await world.settle();
    assert.equal(alice.answer("a")["result"], "ok");
  });

  it("answers denied, offline, no_listener and no_such_user as what they are [P-4.8]", async () => {
    const code = (id: string) => alice.answer(id)["code"];
    const bob = await world.join("bob", { port: 4_242 });
    await world.join("carol");
    await ask("bob", "denied");
    bob.consent("no thanks");
    await ask("carol", "no_listener");
    await untilNoIsOver(bob);
    await ask("bob", "left");
    bob.request({ type: "logout" });
    await world.settle();
    await ask("bob", "offline");
    await ask("nobody", "no_such_user");
    await ask("alice", "self");
    assert.deepEqual(["denied", "no_listener", "offline", "no_such_user"].map(code), [
      "denied",
      "no_listener",
      "offline",
      "no_such_user",
    ]);
    assert.equal(code("left"), "offline");
    assert.equal(code("self"), "bad_request");
    assert.deepEqual([alice.answer("denied")["ip"], alice.answer("denied")["port"]], ["null", "null"]);
  });

  it("disturbs nobody for an address that there is not [P-4.8]", async () => {
    const bob = await world.join("bob");
    await ask("bob");
    assert.equal(alice.answer("a")["code"], "no_listener");
    assert.deepEqual(bob.ofType("request"), []);
  });

  it("asks somebody who names the port once they agreed, and gives what they named before their yes [P-4.8]", async () => {
    const bob = await world.join("bob", { direct: true }, "10.1.1.1");
    await ask("bob", "named");
    assert.equal(bob.ofType("request").length, 1);
    bob.request({ type: "auth", token: bob.token, direct: true, port: 4_242, id: "offer" });
    await world.settle();
    assert.equal(bob.answer("offer")["result"], "ok");
    assert.deepEqual(alice.answer("named"), {});
    bob.consent();
    await world.settle();
    assert.deepEqual(alice.answer("named"), { id: "named", result: "ok", ip: "10.1.1.1", port: "4242" });
    const carol = await world.join("carol", { direct: true });
    await ask("carol", "none");
    carol.consent();
    await world.settle();
    assert.equal(alice.answer("none")["code"], "no_listener");
  });

  it("counts no answer within 30 s as a no, and asks a person once at a time [P-6.3]", async () => {
    const bob = await world.join("bob", { port: 1 });
    await ask("bob", 1);
    await ask("bob", 2);
    assert.equal(bob.ofType("request").length, 1);
    await world.advance(29_000);
    bob.request({ type: "alive" });
    alice.request({ type: "alive", id: "still here" });
    assert.deepEqual(alice.answer(1), {});
    await world.advance(1_500);
    assert.deepEqual([alice.answer(1)["code"], alice.answer(2)["code"]], ["denied", "denied"]);
  });

  it("says of a no whether it was one, or nobody answered [P-6.3]", async () => {
    const bob = await world.join("bob", { port: 1 });
    const reason = (id: string): unknown => alice.answer(id)["reason"];
    await ask("bob", "no");
    bob.consent("no thanks");
    await untilNoIsOver(bob);
    // A client gives up a little before the server does.
    await ask("bob", "late");
    await world.advance(29_000);
    bob.request({ type: "alive" });
    await world.advance(500);
    bob.consent("nobody is there");
    await untilNoIsOver(bob);
    await ask("bob", "never");
    await world.advance(30_500);
    assert.deepEqual(["no", "late", "never"].map(reason), [
      "That user did not agree.",
      "That user did not answer.",
      "That user did not answer.",
    ]);
  });

  it("does not wait for an answer on a link that is gone, and asks on the next one [P-4.8]", async () => {
    const bob = await world.join("bob", { port: 1 });
    await ask("bob", "lost");
    assert.equal(bob.ofType("request").length, 1);
    bob.drop();
    await world.settle();
    assert.equal(alice.answer("lost")["code"], "offline");
    const again = await world.join("bob", { port: 1 });
    await ask("bob", "again");
    again.consent();
    await world.settle();
    assert.equal(alice.answer("again")["result"], "ok");
  });

  it("does not wait for an answer on the link of a device that came back on another one [P-4.8, P-1.9]", async () => {
    const bob = await world.join("bob", { port: 1, device: "laptop" });
    await world.join("carol", { port: 2 });
    bob.request({ type: "address", target: "carol", id: "keeps the old link open" });
    await ask("bob", "lost");
    const again = await world.signIn("bob", { port: 1, device: "laptop" });
    assert.equal(alice.answer("lost")["code"], "offline");
    await ask("bob", "again");
    again.consent();
    await world.settle();
    assert.equal(alice.answer("again")["result"], "ok");
  });

  it("keeps the questions of many askers and targets apart, whatever way they are answered [P-6.3, P-2.2]", async () => {
    const targets = [await world.join("bob", { port: 1 }), await world.join("carol", { port: 2 })];
    const askers = [alice];
    for (let person = 0; person < 7; person += 1) askers.push(await world.join(`person${person}`));
    // Whom they wrote to they know, so there is a place for each.
    for (const target of targets) {
      target.request({ type: "message", to: "alice", msg: "x" });
      for (let person = 0; person < 7; person += 1) {
        target.request({ type: "message", to: `person${person}`, msg: "x" });
      }
    }
    await world.settle();
    for (const asker of askers) {
      for (const target of ["bob", "carol"]) asker.request({ type: "address", target, id: target });
    }
    await world.settle();
    const [bob, carol] = targets;
    assert.ok(bob && carol);
    assert.deepEqual([bob.ofType("request").length, carol.ofType("request").length], [8, 8]);
    for (const { id, from } of bob.ofType("request")) bob.request({ id, result: from === "person3" ? "ok" : "no" });
    for (const { from } of carol.lines)
      if (from !== undefined) carol.request({ result: from === "person5" ? "ok" : "no" });
    await world.settle();
    const outcomes = askers.map((asker) => [asker.answer("bob"), asker.answer("carol")].map((line) => line["result"]));
    assert.deepEqual(
      outcomes.map((pair) => pair.join(" ")),
      askers.map((_, index) => (index === 4 ? "ok fail" : index === 6 ? "fail ok" : "fail fail")),
    );
  });

  it("has a place for whom the person wrote to last, however long they know each other [P-6.13]", async () => {
    const bob = await world.join("bob", { port: 1 });
    const write = async (to: string) => {
      bob.request({ type: "message", to, msg: "x" });
      await world.settle();
    };
    await write("alice");
    for (let person = 0; person < 63; person += 1) {
      await world.join(`person${person}`);
      await write(`person${person}`);
    }
    await write("alice");
    await world.join("newest");
    await write("newest");
    for (let stranger = 0; stranger < 5; stranger += 1) {
      (await world.join(`stranger${stranger}`)).request({ type: "address", target: "bob", id: "ask" });
    }
    await world.settle();
    assert.equal(bob.ofType("request").length, 5);
    await ask("bob", "friend");
    assert.equal(bob.ofType("request").length, 6);
  });

  it("asks nobody on a link that is going, and says so at once to whoever asks again [P-4.8]", async () => {
    const bob = await world.join("bob", { port: 1 });
    for (let time = 0; time < 1_500; time += 1) alice.request({ type: "address", target: "bob", id: time });
    await world.settle();
    assert.equal(bob.ofType("request").length, 1);
    bob.drop();
    await world.settle();
    const codes = Array.from({ length: 1_500 }, (_, time) => alice.answer(time)["code"]);
    assert.deepEqual(new Set(codes), new Set(["offline"]));
  });

  it("tells the target the key that the asker proved and where it asks from, nothing that was only said [P-6.3]", async () => {
    const bob = await world.join("bob", { port: 4_242 });
    const carol = await world.join("carol", { device: "said" }, "10.2.2.2", "carol's key");
    carol.request({ type: "address", target: "bob", key: "said", ip: "10.9.9.9" });
    await ask("bob");
    const fields = bob.ofType("request").map(({ from, key, ip }) => [from, key, ip]);
    assert.deepEqual(fields, [
      ["carol", "carol's key", "10.2.2.2"],
      ["alice", undefined, "127.0.0.1"],
    ]);
  });

  it("gives the key that the target proved, and the addresses that it named for this session [P-4.8, P-4.1]", async () => {
    const addresses = ["10.1.1.1", "fd00::1", "127.0.0.1"];
    const bob = await world.join("bob", { port: 4_242, addresses }, "10.1.1.1", "bob's key");
    await ask("bob");
    bob.consent();
    await world.settle();
    const places = addresses.map((ip) => ({ ip, port: "4242" }));
    const answer = { ip: "10.1.1.1", port: "4242", key: "bob's key", addresses: places };
    assert.deepEqual(alice.answer("a"), { id: "a", result: "ok", ...answer });

    bob.request({ type: "auth", token: bob.token, port: 4_243, addresses: ["10.1.1.2"], id: "again" });
    await world.settle();
    await ask("bob", "b");
    bob.consent();
    await world.settle();
    const moved = alice.answer("b");
    assert.deepEqual([moved["port"], moved["addresses"]], ["4243", [{ ip: "10.1.1.2", port: "4243" }]]);
  });

  it("refuses addresses that are none, or too many [P-4.1]", async () => {
    const refused = [
      ["example.org"],
      ["10.0.0.256"],
      ["fe80::1%eth0"],
      [""],
      [7],
      "10.0.0.1",
      Array(17).fill("10.0.0.1"),
    ];
    for (const addresses of refused) {
      const link = await world.signIn("alice", { port: 1, addresses });
      assert.equal(link.answer("auth")["code"], "bad_request", JSON.stringify(addresses));
    }
  });

  it("lets nobody answer for somebody else", async () => {
    const bob = await world.join("bob", { port: 1 });
    const carol = await world.join("carol");
    await ask("bob");
    carol.request({ id: bob.ofType("request")[0]?.["id"], result: "ok" });
    await world.settle();
    assert.deepEqual(alice.answer("a"), {});
  });
});
