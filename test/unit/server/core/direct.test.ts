import assert from "node:assert/strict";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

describe("addresses and pushes to a port", () => {
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

  /** With a key that the client proves. */
  async function join(username: string, address: string, key: string, added: object): Promise<MemoryLink> {
    const link = world.connect(address, key);
    link.request({ type: "register", username, password: "pw" });
    await world.settle();
    link.request({ type: "auth", username, password: "pw", id: "auth", ...added });
    await world.settle();
    link.token = String(link.answer("auth")["token"]);
    link.lines.length = 0;
    return link;
  }

  it("gives the address only after the target agreed [P-4.8, P-6.3]", async () => {
    const bob = await world.join("bob", { port: 4_242 }, "10.1.1.1");
    await ask("bob");
    const [request] = bob.ofType("request");
    assert.equal(request?.["from"], "alice");
    assert.deepEqual(alice.answer("a"), {});
    bob.request({ id: request["id"], result: "ok" });
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
    const bob = await world.join("bob");
    await ask("bob", "denied");
    bob.request({ id: bob.ofType("request")[0]?.["id"], result: "no thanks" });
    await ask("bob", "no_listener");
    bob.request({ id: bob.ofType("request")[1]?.["id"], result: "ok" });
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

  it("does not wait for an answer on a link that is gone, and asks on the next one [P-4.8]", async () => {
    const bob = await world.join("bob", { port: 1 });
    await ask("bob", "lost");
    assert.equal(bob.ofType("request").length, 1);
    bob.drop();
    await world.settle();
    assert.equal(alice.answer("lost")["code"], "offline");
    const again = await world.join("bob", { port: 1 });
    await ask("bob", "again");
    again.request({ id: again.ofType("request")[0]?.["id"], result: "ok" });
    await world.settle();
    assert.equal(alice.answer("again")["result"], "ok");
  });

  it("tells the target the key that the asker proved and where it asks from, nothing that was only said [P-6.3]", async () => {
    const bob = await world.join("bob", { port: 4_242 });
    const carol = await join("carol", "10.2.2.2", "carol's key", { device: "said" });
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
    const bob = await join("bob", "10.1.1.1", "bob's key", { port: 4_242, addresses });
    await ask("bob");
    bob.request({ id: bob.ofType("request")[0]?.["id"], result: "ok" });
    await world.settle();
    const places = addresses.map((ip) => ({ ip, port: "4242" }));
    const answer = { ip: "10.1.1.1", port: "4242", key: "bob's key", addresses: places };
    assert.deepEqual(alice.answer("a"), { id: "a", result: "ok", ...answer });

    bob.request({ type: "auth", token: bob.token, port: 4_243, addresses: ["10.1.1.2"], id: "again" });
    await world.settle();
    await ask("bob", "b");
    bob.request({ id: bob.ofType("request")[1]?.["id"], result: "ok" });
    await world.settle();
    const moved = alice.answer("b");
    assert.deepEqual([moved["port"], moved["addresses"]], ["4243", [{ ip: "10.1.1.2", port: "4243" }]]);
  });

  it("refuses addresses that are none, or too many [P-4.1]", async () => {
    const link = world.connect();
    const refused = [
      ["example.org"],
      ["10.0.0.256"],
      ["fe80::1%eth0"],
      [""],
      [7],
      "10.0.0.1",
      Array(17).fill("10.0.0.1"),
    ];
    for (const [id, addresses] of refused.entries()) {
      link.request({ type: "auth", username: "alice", password: "pw", port: 1, addresses, id });
      await world.settle();
      assert.equal(link.answer(id)["code"], "bad_request", JSON.stringify(addresses));
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

  describe("to a client that left no link open", () => {
    let bob: MemoryLink;

    async function bobLeaves(added: object = {}): Promise<void> {
      bob = await world.join("bob", { port: 4_242, ...added }, "10.1.1.1");
      bob.drop();
      await world.settle();
    }

    function say(...texts: string[]): void {
      for (const msg of texts) alice.request({ type: "message", to: "bob", msg, id: msg });
    }

    it("connects to the port of the address it signed in from, one push at a time [P-6]", async () => {
      await bobLeaves();
      say("one", "two");
      await world.settle();
      assert.equal(world.dialler.calls.length, 1);
      const { address, port } = world.dialler.calls[0]?.call ?? {};
      assert.deepEqual({ address, port }, { address: "10.1.1.1", port: 4_242 });
      assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
      assert.equal(world.dialler.finish({ taken: true, answer: { result: "ok" } })["msg"], "two");
      await world.settle();
      for (const text of ["one", "two"]) assert.equal(alice.answer(text)["delivery"], "delivered");
    });

    it("waits for the answer of a client with acks [P-5.1]", async () => {
      await bobLeaves({ acks: true });
      say("one", "two");
      world.dialler.finish({ taken: true, answer: { result: "ok" } });
      await world.settle();
      assert.equal(alice.answer("one")["delivery"], "delivered");
      world.dialler.finish({ taken: true, answer: undefined });
      await world.settle();
      assert.equal(alice.answer("two")["delivery"], "queued");
    });

    it("stores what could not be brought there, and tries again at the next login [P-5.2]", async () => {
      await bobLeaves();
      say("one", "two");
      world.dialler.finish({ taken: false, answer: undefined });
      await world.settle();
      say("three");
      await world.settle();
      for (const text of ["one", "two", "three"]) assert.equal(alice.answer(text)["delivery"], "queued");
      const again = world.connect("10.1.1.1");
      again.request({ type: "auth", username: "bob", password: "pw", acks: true });
      await world.settle();
      assert.deepEqual(again.texts, ["one", "two", "three"]);
    });

    it("tries the port again after 10 s", async () => {
      await bobLeaves();
      say("one");
      world.dialler.finish({ taken: false, answer: undefined });
      await world.advance(11_000);
      assert.equal(world.dialler.finish({ taken: true, answer: { result: "ok" } })["msg"], "one");
      await world.settle();
      assert.deepEqual(world.mailbox.texts(2), []);
    });

    it("asks for consent there, with its 30 s [P-6.3]", async () => {
      await bobLeaves();
      await ask("bob");
      assert.equal(world.dialler.calls[0]?.call.deadlineMs, 30_000);
      const push = world.dialler.finish({ taken: true, answer: { result: "ok" } });
      assert.deepEqual([push["type"], push["from"]], ["request", "alice"]);
      await world.settle();
      assert.deepEqual(alice.answer("a"), { id: "a", result: "ok", ip: "10.1.1.1", port: "4242" });
    });

    it("does not wait for an answer from there once the client is back, and asks it on its link [P-4.8]", async () => {
      await bobLeaves();
      await ask("bob", "lost");
      const again = world.connect("10.1.1.1");
      again.request({ type: "auth", username: "bob", password: "pw", port: 4_242, acks: true });
      await world.settle();
      assert.equal(alice.answer("lost")["code"], "offline");
      await ask("bob", "again");
      again.request({ id: again.ofType("request")[0]?.["id"], result: "ok" });
      await world.settle();
      assert.equal(alice.answer("again")["result"], "ok");
    });

    it("says at once that nobody can be asked where nobody listens any more [P-4.8]", async () => {
      await bobLeaves();
      await ask("bob", "gone");
      world.dialler.finish({ taken: false, answer: undefined });
      await world.settle();
      assert.equal(alice.answer("gone")["code"], "offline");
    });

    it("counts a question that was brought there and not answered as a no [P-6.3]", async () => {
      await bobLeaves({ acks: true });
      await ask("bob", "silent");
      world.dialler.finish({ taken: true, answer: undefined });
      await world.advance(30_500);
      assert.equal(alice.answer("silent")["code"], "denied");
    });

    it("sends no kill to the listener that the new session has too [P-6.4]", async () => {
      await bobLeaves();
      await bobLeaves();
      assert.deepEqual(world.dialler.calls, []);
    });

    it("brings the kill there when the user signs in elsewhere [P-6.4]", async () => {
      await bobLeaves();
      await world.join("bob");
      assert.equal(world.dialler.finish({ taken: true, answer: undefined })["type"], "kill");
    });

    it("opens the session again by its token after 60 s of silence, with its port [P-3.4]", async () => {
      await bobLeaves();
      await world.advance(61_000);
      const link = world.connect("10.1.1.1");
      link.request({ type: "alive", token: bob.token, id: 1 });
      await world.settle();
      assert.equal(link.answer(1)["result"], "ok");
      alice = await world.join("alice");
      say("one");
      assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
    });

    it("hands the mailbox to the port, not to a link that is closed at once [P-5.3]", async () => {
      await bobLeaves();
      say("one");
      world.dialler.finish({ taken: false, answer: undefined });
      await world.settle();
      const again = world.connect("10.1.1.1");
      again.request({ type: "auth", username: "bob", password: "pw", port: 4_242 });
      await world.settle();
      assert.deepEqual(again.texts, []);
      again.drop();
      assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
      await world.settle();
    });
  });
});
