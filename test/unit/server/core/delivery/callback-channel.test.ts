import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";
import { say } from "../../pair.ts";

describe("a client that left no link open", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bob: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
  });

  async function ask(target: string, id: string | number = "a"): Promise<void> {
    alice.request({ type: "address", target, id });
    await world.settle();
  }

  async function joinByTls(name: string): Promise<MemoryLink> {
    const link = world.connect("10.1.1.1", undefined, true);
    link.request({ type: "register", username: name, password: "pw" });
    link.request({ type: "auth", username: name, password: "pw", port: 4_242, id: "auth" });
    await world.settle();
    assert.equal(link.answer("auth")["result"], "ok");
    return link;
  }

  async function bobLeaves(added: object = {}): Promise<void> {
    bob = await world.join("bob", { port: 4_242, ...added }, "10.1.1.1");
    bob.drop();
    await world.settle();
  }

  it("connects to the port of the address it signed in from, one push at a time [P-6]", async () => {
    await bobLeaves();
    say(alice, "bob", "one", "two");
    await world.settle();
    assert.equal(world.dialler.calls.length, 1);
    const { address, port } = world.dialler.calls[0]?.call ?? {};
    assert.deepEqual({ address, port }, { address: "10.1.1.1", port: 4_242 });
    assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
    assert.equal(world.dialler.finish({ taken: true, answer: { result: "ok" } })["msg"], "two");
    await world.settle();
    for (const text of ["one", "two"]) assert.equal(alice.answer(text)["delivery"], "delivered");
  });

  for (const [who, join] of [
    ["acknowledges", () => world.join("bob", { port: 4_242, acks: true }, "10.1.1.1")],
    ["proved a key", () => world.join("bob", { port: 4_242 }, "10.1.1.1", "bob's key")],
    ["came by TLS", () => joinByTls("bob")],
  ] as const) {
    it(`is never called if it ${who}: whoever listens there now is a stranger [P-6, P-5.2]`, async () => {
      bob = await join();
      bob.drop();
      say(alice, "bob", "for bob's eyes only");
      await ask("bob");
      await world.settle();
      assert.deepEqual(world.dialler.calls, []);
      assert.equal(alice.answer("for bob's eyes only")["delivery"], "queued");
      assert.equal(alice.answer("a")["code"], "offline");
      assert.deepEqual(world.mailbox.texts(2), ["for bob's eyes only"]);
    });
  }

  it("is not called by a server that was started again either, if it was opened by TLS [P-6, P-3.6]", async () => {
    bob = await joinByTls("bob");
    world.restart();
    alice = await world.join("alice");
    say(alice, "bob", "one");
    await world.advance(11_000);
    assert.deepEqual([world.dialler.calls, alice.answer("one")["delivery"]], [[], "queued"]);
  });

  it("shows no sign of life by what is answered at its port [P-4.9]", async () => {
    await bobLeaves();
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      alice.request({ type: "message", to: "bob", msg: "x" });
      if (world.dialler.calls.length > 0) world.dialler.finish({ taken: true, answer: { result: "ok" } });
      await world.advance(5_000);
    }
    assert.deepEqual(await world.ask(alice, { type: "online" }), { alice: "alice" });
  });

  it("stores what could not be brought there, and tries again at the next login [P-5.2]", async () => {
    await bobLeaves();
    say(alice, "bob", "one", "two");
    world.dialler.finish({ taken: false, answer: undefined });
    await world.settle();
    say(alice, "bob", "three");
    await world.settle();
    for (const text of ["one", "two", "three"]) assert.equal(alice.answer(text)["delivery"], "queued");
    const again = await world.signIn("bob", { acks: true });
    assert.deepEqual(again.texts, ["one", "two", "three"]);
  });

  it("tries the port again after 10 s", async () => {
    await bobLeaves();
    say(alice, "bob", "one");
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
    const again = await world.signIn("bob", { port: 4_242, acks: true }, "10.1.1.1");
    assert.equal(alice.answer("lost")["code"], "offline");
    await ask("bob", "again");
    again.consent();
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
    await bobLeaves();
    await ask("bob", "silent");
    world.dialler.finish({ taken: true, answer: undefined });
    await world.advance(30_500);
    assert.equal(alice.answer("silent")["code"], "denied");
  });

  it("is brought its messages while it thinks about a question, and still heard when it answers [P-6.3, P-5.2]", async () => {
    await bobLeaves();
    await ask("bob");
    say(alice, "bob", "one");
    const [question, letter] = world.dialler.calls.splice(0);
    assert.deepEqual([question?.call.deadlineMs, letter?.call.deadlineMs], [30_000, 10_000]);
    await world.advance(10_500);
    assert.equal(alice.answer("one")["delivery"], "queued");
    question?.done({ taken: true, answer: { result: "ok" } });
    await world.settle();
    assert.equal(alice.answer("a")["result"], "ok");
  });

  /** Eight people whom bob knows have asked him, their time is over, and none of the connections to his port has ended. */
  async function bobHearsNobody(): Promise<void> {
    const askers = await Promise.all(Array.from({ length: 8 }, (_, person) => world.join(`person${person}`)));
    bob = await world.join("bob", { port: 4_242 }, "10.1.1.1");
    for (const person of askers.keys()) bob.request({ type: "message", to: `person${person}`, msg: "x" });
    bob.drop();
    await world.settle();
    for (const asker of askers) asker.request({ type: "address", target: "bob", id: "a" });
    await world.advance(30_500);
    assert.ok(askers.every((asker) => asker.answer("a")["code"] === "denied"));
    assert.equal(world.dialler.calls.length, 8);
    world.connect("10.1.1.1").request({ type: "alive", token: bob.token });
    alice.request({ type: "alive" });
    await world.settle();
  }

  it("hears of the questions of many people a few at a time, and of none that came to nothing [P-6.3]", async () => {
    await bobHearsNobody();
    for (const name of ["carol", "dora"]) (await world.join(name)).request({ type: "address", target: "bob" });
    await world.settle();
    assert.equal(world.dialler.calls.length, 8);
    world.dialler.finish({ taken: true, answer: undefined });
    assert.equal(world.dialler.calls.length, 8);
    await world.join("bob");
    const left = world.dialler.calls.splice(0);
    for (const { done } of left) done({ taken: false, answer: undefined });
    assert.deepEqual([left.length, world.dialler.calls], [9, []]);
  });

  it("is not asked any more what nobody waits for: a question that found no turn in its 30 s [P-6.3]", async () => {
    await bobHearsNobody();
    await ask("bob", "no turn");
    await world.advance(30_500);
    assert.equal(alice.answer("no turn")["code"], "denied");
    for (const { done } of world.dialler.calls.splice(0)) done({ taken: true, answer: undefined });
    // But that others have left meanwhile.
    assert.ok(world.dialler.calls.every(({ call }) => call.line.startsWith('{"type":"offline"')));
  });

  it("is not called by a server that stops: its messages wait in its mailbox [P-5.2]", async () => {
    bob = await world.join("bob", { port: 4_242, acks: true });
    say(alice, "bob", "one");
    await world.settle();
    world.core.stop();
    await world.settle();
    assert.deepEqual([alice.answer("one")["delivery"], bob.closed], ["queued", true]);
    assert.deepEqual([world.mailbox.texts(2), world.dialler.calls], [["one"], []]);
  });

  it("gets what found no room among the pushes to its port from its mailbox, in order [P-5.2, P-5.6]", async () => {
    await bobLeaves({ presence: true });
    for (let each = 0; each < 4_097; each += 1) alice.request({ type: "signal", to: "bob", kind: "typing" });
    say(alice, "bob", "one");
    world.dialler.finish({ taken: true, answer: undefined });
    say(alice, "bob", "two");
    while (world.dialler.calls.length > 0) world.dialler.finish({ taken: true, answer: undefined });
    await world.settle();
    assert.deepEqual([alice.answer("one"), alice.answer("two")], [{}, {}]);
    await world.advance(10_500);
    assert.deepEqual([alice.answer("one")["delivery"], alice.answer("two")["delivery"]], ["queued", "queued"]);
    assert.deepEqual(world.mailbox.texts(2), ["one", "two"]);
    await world.advance(10_000);
    assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
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

  it("hears there who has left, where it asked for that [P-6.2]", async () => {
    await bobLeaves({ presence: true });
    alice.request({ type: "logout" });
    await world.settle();
    const { type, from } = world.dialler.finish({ taken: true, answer: { result: "ok" } });
    assert.deepEqual({ type, from }, { type: "offline", from: "alice" });
  });

  it("opens the session again by its token after 60 s of silence, with its port [P-3.4]", async () => {
    await bobLeaves();
    await world.advance(61_000);
    const link = world.connect("10.1.1.1");
    link.request({ type: "alive", token: bob.token, id: 1 });
    await world.settle();
    assert.equal(link.answer(1)["result"], "ok");
    alice = await world.join("alice");
    say(alice, "bob", "one");
    assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
  });

  it("hands the mailbox to the port, not to a link that is closed at once [P-5.3]", async () => {
    await bobLeaves();
    say(alice, "bob", "one");
    world.dialler.finish({ taken: false, answer: undefined });
    await world.settle();
    const again = await world.signIn("bob", { port: 4_242 }, "10.1.1.1");
    assert.deepEqual(again.texts, []);
    again.drop();
    await world.settle();
    assert.equal(world.dialler.finish({ taken: true, answer: undefined })["msg"], "one");
    await world.settle();
  });
});
