// By which way a message came, and what may be done to it by another (B4).

import assert from "node:assert/strict";
import type { Pin } from "../../../../protocol/pin.ts";
import { World } from "./world.ts";

const via = "A".repeat(43) as Pin;
const other = "B".repeat(43) as Pin;
const bob = "user:bob";

describe("core: what came directly", () => {
  let world: World;

  beforeEach(() => {
    world = new World().connected();
    world.do(world.push("bob", "second direct message", "b1", { via }));
  });

  it("keeps the key that it came with, after a restart too", () => {
    assert.equal(world.shown(bob)[0]?.via, via);
  });

  it("is not changed by the server's word: the words stand beside it as a message of their own", () => {
    world.do(world.event("bob", "edit", "b1", "Correction: send it to DE99", "a1"));
    assert.deepEqual(
      world.shown(bob).map(({ text, edited, via: way }) => [text, edited, way]),
      [
        ["second direct message", undefined, via],
        ["Correction: send it to DE99", undefined, undefined],
      ],
    );
  });

  it("is not taken back by the server, nor with another key", () => {
    world.do(world.event("bob", "delete", "b1", "(deleted)", "a1"));
    world.do(world.event("bob", "delete", "b1", "(deleted)", "a2", { via: other }));
    assert.deepEqual(world.shown(bob)[0]?.deleted, undefined);
    world.do(world.event("bob", "delete", "b2", "(deleted)", "a3"), world.push("bob", "third", "b2", { via }));
    assert.deepEqual(world.shown(bob)[1]?.text, "third");
  });

  it("is edited and taken back by the device that it came from", () => {
    world.do(world.event("bob", "edit", "b1", "better", "a1", { via }));
    assert.deepEqual(
      world.shown(bob).map(({ text, edited }) => [text, edited]),
      [["better", true]],
    );
    world.do(world.event("bob", "delete", "b1", "(deleted)", "a2", { via }));
    assert.equal(world.shown(bob)[0]?.deleted, true);
  });

  it("tells the server no id of its own: a read mark waits for a direct link, and one by the server counts for nothing", () => {
    world.do({ kind: "markRead", conversation: bob, upTo: 1 });
    assert.deepEqual(world.of("signalRead"), []);
    world.do(world.push("bob", "by the server", "b2"), world.push("bob", "directly", "b3", { via }));
    world.do({ kind: "markRead", conversation: bob, upTo: 3 });
    assert.deepEqual(
      world.of("signalRead").map(({ upTo }) => upTo),
      ["b2"],
    );
    world.do({ kind: "direct", conversation: bob, link: 7 });
    assert.deepEqual(world.of("signalRead"), [{ kind: "signalRead", to: "bob", upTo: "b3", link: 7 }]);
    const { mid } = world.send("bob", "mine");
    const outcome = { ok: true, delivery: "delivered", via } as const;
    world.do({ kind: "answered", conversation: bob, mid, outcome });
    world.do({ kind: "read", from: "bob", upTo: mid });
    assert.equal(world.history.ownMessage(bob, mid)?.state, "delivered");
    world.do({ kind: "read", from: "bob", upTo: mid, via });
    assert.deepEqual(
      [world.history.ownMessage(bob, mid)?.state, world.history.ownMessage(bob, mid)?.via],
      ["read", via],
    );
  });
});
