import assert from "node:assert/strict";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

const message = (to: string, msg: string, added: object = {}) => ({ type: "message", to, msg, id: msg, ...added });

function say(link: MemoryLink, to: string, ...texts: string[]): void {
  for (const text of texts) link.request(message(to, text));
}

describe("delivery to one recipient", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
    await world.join("bob");
  });

  const idOf = (name: string) => Array.from(world.directory.list(name, ""))[0]?.id ?? 0;

  async function bobWith(added: object): Promise<MemoryLink> {
    const bob = world.connect();
    bob.request({ type: "auth", username: "bob", password: "pw", id: "auth", device: "laptop", ...added });
    await world.settle();
    return bob;
  }

  it("answers delivered only after a recipient with acks has answered [P-5.1]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one");
    await world.settle();
    assert.deepEqual(bob.texts, ["one"]);
    assert.deepEqual(alice.answer("one"), {});
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.answer("one"), { id: "one", result: "ok", delivery: "delivered" });
  });

  it("counts a message as delivered when the link of a recipient without acks took the bytes [P-5.5]", async () => {
    const bob = await bobWith({});
    bob.stuck = true;
    say(alice, "bob", "one");
    await world.settle();
    assert.deepEqual(alice.answer("one"), {});
    bob.stuck = false;
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "delivered");
  });

  it("queues for someone who is offline, after the commit and not before [P-5.2]", async () => {
    const carol = await world.join("carol");
    carol.request({ type: "logout" });
    await world.settle();
    say(alice, "carol", "one");
    assert.deepEqual(alice.answer("one"), {});
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.deepEqual(world.mailbox.texts(idOf("carol")), ["one"]);
  });

  it("stores what was not acknowledged within 10 s, and everything behind it, in order [P-5.2, P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one", "two");
    await world.advance(9_000);
    assert.deepEqual(alice.answer("one"), {});
    await world.advance(1_500);
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.equal(alice.answer("two")["delivery"], "queued");
    say(alice, "bob", "three");
    await world.settle();
    assert.deepEqual(bob.texts, ["one", "two", "one", "two", "three"]);
    bob.acknowledgeAll();
    await world.settle();
    assert.equal(alice.answer("three")["delivery"], "delivered");
    assert.deepEqual(world.mailbox.texts(idOf("bob")), []);
  });

  it("keeps the order when a link goes while the mailbox is being handed out [P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", "one", "two");
    await world.settle();
    const again = await bobWith({ acks: true });
    say(alice, "bob", "three");
    again.drop();
    say(alice, "bob", "four");
    await world.settle();
    assert.deepEqual(world.mailbox.texts(idOf("bob")), ["one", "two", "three", "four"]);
    assert.deepEqual((await bobWith({ acks: true })).texts, ["one", "two", "three", "four"]);
  });

  it("stores what was under way when the link goes, and hands it out first at the next login [P-5.2, P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one", "two");
    await world.settle();
    bob.drop();
    say(alice, "bob", "three");
    await world.settle();
    for (const text of ["one", "two", "three"]) assert.equal(alice.answer(text)["delivery"], "queued");
    const again = await bobWith({ acks: true });
    say(alice, "bob", "four");
    await world.settle();
    assert.deepEqual(again.texts, ["one", "two", "three", "four"]);
    again.acknowledgeAll();
    await world.settle();
    assert.deepEqual(world.mailbox.texts(idOf("bob")), []);
  });

  it("sends the answer of auth before the mailbox [P-4.1, P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.equal(again.lines[0]?.["id"], "auth");
    assert.equal(again.lines[1]?.["msg"], "one");
  });

  it("hands out a long mailbox a window at a time, and nothing newer before its end [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    const texts = Array.from({ length: 200 }, (_, index) => `t${index}`);
    say(alice, "bob", ...texts);
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.equal(again.texts.length, 64);
    say(alice, "bob", "newest");
    for (let round = 0; round < 12; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.deepEqual(again.texts, [...texts, "newest"]);
    assert.deepEqual(world.mailbox.texts(idOf("bob")), []);
  });

  it("bounds the window by size too, so that a mailbox never fills a link [P-8.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    for (let index = 0; index < 20; index += 1) alice.request(message("bob", "x".repeat(60_000), { id: index }));
    await world.settle();
    const again = await bobWith({ acks: true });
    assert.ok(again.texts.length <= 5, `${again.texts.length} letters of 60 kB at once`);
    for (let round = 0; round < 20; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.equal(again.texts.length, 20);
  });

  it("does not lose the mailbox of a client without acks whose link did not take it [P-5.5]", async () => {
    const bob = await bobWith({});
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    const again = world.connect();
    again.stuck = true;
    again.request({ type: "auth", username: "bob", password: "pw" });
    await world.settle();
    again.drop();
    const third = await bobWith({});
    assert.deepEqual(third.texts, ["one"]);
    assert.deepEqual(world.mailbox.texts(idOf("bob")), []);
  });

  it("gives up a link that takes nothing for 10 s [P-5.2]", async () => {
    const bob = await bobWith({});
    bob.stuck = true;
    say(alice, "bob", "one");
    await world.advance(11_000);
    assert.equal(alice.answer("one")["delivery"], "queued");
    assert.equal(bob.closed, true);
  });

  it("refuses with mailbox_full beyond 10,000 letters and lets the recipient empty it [P-5.3]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    for (let index = 0; index < 10_000; index += 1) alice.request(message("bob", "x", { id: index }));
    await world.settle();
    say(alice, "bob", "one too many");
    await world.settle();
    const { code, result, reason } = alice.answer("one too many");
    assert.equal(code, "mailbox_full");
    assert.equal(result, reason);
  });

  it("answers unavailable while the disk fails, loses nothing, and goes on by itself [P-5.2]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "one");
    await world.settle();
    world.disk.works = false;
    bob.drop();
    await world.settle();
    assert.equal(alice.answer("one")["code"], "unavailable");
    world.disk.works = true;
    alice.lines.length = 0;
    say(alice, "bob", "one");
    await world.settle();
    assert.equal(alice.answer("one")["delivery"], "queued");
  });

  it("tries a mailbox that cannot be read again after a while", async () => {
    const bob = await bobWith({ acks: true });
    const { token } = bob.answer("auth");
    bob.drop();
    say(alice, "bob", "one");
    await world.settle();
    world.disk.works = false;
    const again = world.connect();
    again.request({ type: "auth", token, acks: true, device: "laptop" });
    await world.settle();
    assert.deepEqual(again.texts, []);
    world.disk.works = true;
    await world.advance(11_000);
    assert.deepEqual(again.texts, ["one"]);
  });

  it("tells the sender what the recipient refused for good, and stores what it may take later [P-2.4]", async () => {
    const bob = await bobWith({ acks: true });
    say(alice, "bob", "never", "later");
    await world.settle();
    const [never, later] = bob.ofType("message");
    bob.request({ id: never?.["id"], result: "no", code: "bad_request", reason: "no" });
    bob.request({ id: later?.["id"], result: "no", code: "unavailable", reason: "disk full" });
    await world.settle();
    assert.deepEqual(alice.answer("never"), { id: "never", result: "no", code: "bad_request", reason: "no" });
    assert.equal(alice.answer("later")["delivery"], "queued");
    await world.advance(11_000);
    assert.deepEqual(bob.texts, ["never", "later", "later"]);
  });

  it("counts a second message of the same mid as the first, under way and after it [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    alice.request(message("bob", "once", { id: 2, mid: "m" }));
    await world.settle();
    assert.deepEqual(bob.texts, ["once"]);
    bob.acknowledgeAll();
    await world.settle();
    alice.request(message("bob", "once", { id: 3, mid: "m" }));
    await world.settle();
    for (const id of [1, 2, 3]) assert.equal(alice.answer(id)["delivery"], "delivered");
    assert.deepEqual(bob.texts, ["once"]);
  });

  it("answers a second message of the same mid as the first behind a block too, under way and after it [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    alice.request(message("bob", "before", { id: 1, mid: "m" }));
    bob.request({ type: "block", id: "b", target: "alice" });
    await world.settle();
    alice.request(message("bob", "before", { id: 2, mid: "m" }));
    bob.acknowledgeAll();
    await world.settle();
    alice.request(message("bob", "before", { id: 3, mid: "m" }));
    alice.request(message("bob", "after", { id: 4, mid: "n" }));
    await world.settle();
    for (const id of [1, 2, 3]) assert.equal(alice.answer(id)["delivery"], "delivered");
    assert.equal(alice.answer(4)["code"], "blocked");
    assert.deepEqual(bob.texts, ["before"]);
  });

  it("takes a refused message again under the same mid [P-5.4]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    world.disk.works = false;
    alice.request(message("bob", "once", { id: 1, mid: "m" }));
    await world.settle();
    world.disk.works = true;
    alice.request(message("bob", "once", { id: 2, mid: "m" }));
    await world.settle();
    assert.equal(alice.answer(1)["code"], "unavailable");
    assert.equal(alice.answer(2)["delivery"], "queued");
  });

  it("gives a message without mid one, and passes the sender's time on [P-5.4, P-4.2]", async () => {
    const bob = await bobWith({});
    alice.request(message("bob", "one", { ts: 5 }));
    alice.request(message("bob", "two"));
    await world.settle();
    const [one, two] = bob.ofType("message");
    assert.equal(one?.["ts"], 5);
    assert.equal(two?.["ts"], world.nowMs);
    assert.notEqual(one["mid"], two["mid"]);
  });

  it("brings a broadcast behind the mailbox, in its place [P-5.6]", async () => {
    const bob = await bobWith({ acks: true });
    bob.drop();
    say(alice, "bob", ...Array.from({ length: 100 }, (_, index) => `t${index}`));
    await world.settle();
    const again = await bobWith({ acks: true });
    alice.request({ type: "broadcast", msg: "all", id: "b" });
    await world.settle();
    assert.equal(alice.answer("b")["delivered"], 1);
    for (let round = 0; round < 8; round += 1) {
      again.acknowledgeAll();
      await world.settle();
    }
    assert.equal(again.texts.at(-1), "all");
    assert.equal(again.texts.length, 101);
  });
});
