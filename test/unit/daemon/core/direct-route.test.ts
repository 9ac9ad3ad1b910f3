import assert from "node:assert/strict";
import { failure } from "../../../../protocol/errors.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import { World } from "./world.ts";

const bob: ConversationId = "user:bob";
const delivered = { ok: true, delivery: "delivered" } as const;
const queued = { ok: true, delivery: "queued" } as const;

class Routed extends World {
  link(link: number | undefined): void {
    this.do({ kind: "direct", conversation: bob, link });
  }

  answer(mid: string, outcome: typeof delivered | typeof queued | ReturnType<typeof failure> = delivered): void {
    this.do({ kind: "answered", conversation: bob, mid, outcome });
  }

  get ways(): [string, number | undefined][] {
    return this.of("transmit").map(({ mid, link }) => [mid, link]);
  }
}

function connected(): Routed {
  const world = new Routed();
  world.connected();
  return world;
}

describe("core: by which way a message goes", () => {
  it("takes the direct link while there is one, and the server otherwise", () => {
    const world = connected();
    world.send("bob", "one");
    assert.deepEqual(world.ways, [["m1", undefined]]);
    world.answer("m1");
    world.link(7);
    world.send("bob", "two");
    assert.deepEqual(world.ways, [["m2", 7]]);
    world.answer("m2");
    world.link(undefined);
    world.send("bob", "three");
    assert.deepEqual(world.ways, [["m3", undefined]]);
  });

  it("waits for the answer of the server before anything newer goes directly [P-5.6]", () => {
    const world = connected();
    world.send("bob", "one");
    world.link(7);
    world.send("bob", "two");
    assert.deepEqual(world.ways, []);
    world.answer("m1");
    assert.deepEqual(world.ways, [["m2", 7]]);
  });

  it("goes again through the server, under the same id, when the direct link is lost [P-5.4]", () => {
    const world = connected();
    world.link(7);
    world.send("bob", "one");
    world.send("bob", "two");
    world.link(undefined);
    assert.deepEqual(world.ways, [["m1", undefined]]);
    world.answer("m1");
    assert.deepEqual(world.ways, [["m2", undefined]]);
  });

  it("goes again on the link that takes another's place [P-5.4]", () => {
    const world = connected();
    world.link(7);
    world.send("bob", "one");
    world.link(8);
    assert.deepEqual(world.ways, [["m1", 8]]);
  });

  it("goes directly while the server is away, and keeps what is in flight there", () => {
    const world = connected();
    world.link(7);
    world.unreachable();
    world.send("bob", "one");
    assert.deepEqual(world.ways, [["m1", 7]]);
    world.connected();
    assert.deepEqual(world.ways, []);
    world.answer("m1");
    world.send("carol", "two");
    world.unreachable();
    world.send("carol", "three");
    assert.deepEqual(world.ways, []);
  });

  it("says again on a new link what the server had queued, before anything newer [P-5.6]", () => {
    const world = connected();
    for (const [text, mid] of Object.entries({ one: "m1", two: "m2" })) {
      world.send("bob", text);
      world.answer(mid, queued);
    }
    world.unreachable();
    world.send("bob", "three");
    world.link(7);
    assert.deepEqual(world.ways, [["m1", 7]]);
    world.answer("m1");
    assert.deepEqual(world.ways, [["m2", 7]]);
    assert.equal(world.history.message(bob, 1)?.state, "delivered");
    world.answer("m2");
    assert.deepEqual(world.ways, [["m3", 7]]);
    world.answer("m3");
    assert.deepEqual(world.history.load().outbox, []);
  });

  it("says again what the server queues although there is a link [P-5.6]", () => {
    const world = connected();
    world.send("bob", "one");
    world.send("bob", "two");
    world.link(7);
    world.answer("m1", queued);
    assert.deepEqual(world.ways, [["m1", 7]]);
    world.answer("m1");
    assert.deepEqual(world.ways, [["m2", 7]]);
  });

  it("leaves with the server what it has queued when the link is lost before it was said again", () => {
    const world = connected();
    world.send("bob", "one");
    world.answer("m1", queued);
    world.link(7);
    world.link(undefined);
    assert.deepEqual(world.ways, []);
    assert.equal(world.history.message(bob, 1)?.state, "queued");
    world.send("bob", "two");
    assert.deepEqual(world.ways, [["m2", undefined]]);
  });

  it("is not held up by a queued event that cannot be read any more", () => {
    const world = connected();
    world.send("bob", "one");
    world.answer("m1", queued);
    world.send("bob", "two");
    world.answer("m2", queued);
    const { history } = world;
    const readable = history.ownEvent.bind(history);
    history.ownEvent = (mid) => (mid === "m1" ? undefined : readable(mid));
    world.link(7);
    assert.deepEqual(world.ways, [["m2", 7]]);
    world.answer("m2");
    world.send("bob", "three");
    assert.deepEqual(world.ways, [["m3", 7]]);
  });

  it("sends no edit of a message whose text is not here any more", () => {
    const world = connected();
    world.send("bob", "one");
    world.answer("m1");
    world.do({ kind: "edit", conversation: bob, target: "m1", text: "two", mid: "e1" });
    world.answer("e1", queued);
    world.history.messageOf = () => undefined;
    world.link(7);
    assert.deepEqual(world.ways, []);
    world.send("bob", "three");
    assert.deepEqual(world.ways, [["m2", 7]]);
  });

  it("does not wait on a direct link for what the server refused for now", () => {
    const world = connected();
    world.send("bob", "one");
    world.answer("m1", failure("mailbox_full"));
    assert.deepEqual(world.ways, []);
    world.link(7);
    assert.deepEqual(world.ways, [["m1", 7]]);
  });

  it("is not held up by a server that answers nobody", () => {
    const world = connected();
    for (let each = 0; each < 20; each += 1) world.send(`person${each}`, "hello");
    world.link(7);
    world.send("bob", "one");
    assert.deepEqual(world.ways, [["m21", 7]]);
  });

  it("tells what was read on the direct link", () => {
    const world = connected();
    world.unreachable();
    world.link(7);
    world.do(world.push("bob", "hello", "b1"));
    world.do({ kind: "markRead", conversation: bob, upTo: 1 });
    assert.deepEqual(world.of("signalRead"), [{ kind: "signalRead", to: "bob", upTo: "b1", link: 7 }]);
  });

  it("shows the way and the key of a contact, and somebody with a direct link as there while the server is away", () => {
    const world = connected();
    world.do(world.push("bob", "hello", "b1"));
    const pin = "a".repeat(43);
    world.unreachable();
    world.do({ kind: "key", conversation: bob, key: { pin, verified: true } });
    world.do({ kind: "route", conversation: bob, route: { kind: "direct", address: "10.0.0.2:4000" } });
    const [seen] = world.of("contactsChanged")[0]?.changed ?? [];
    assert.ok(seen);
    assert.equal(seen.presence, "available");
    assert.deepEqual(seen.route, { kind: "direct", address: "10.0.0.2:4000" });
    assert.deepEqual(seen.key, { pin, verified: true });
  });
});
