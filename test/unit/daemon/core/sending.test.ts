import assert from "node:assert/strict";
import { failure } from "../../../../protocol/errors.ts";
import { dueAtMs } from "../../../../daemon/core/outbox.ts";
import { waysOf } from "../../../../daemon/core/state.ts";
import { World } from "./world.ts";

const delivered = { ok: true, delivery: "delivered" } as const;

describe("core: what this person sends", () => {
  it("is refused under the id of another event of this person, and the step goes on [P-5.4]", () => {
    const world = new World().connected();
    world.do({ kind: "send", conversation: "user:bob", text: "one", mid: "same" });
    const again = world.do({ kind: "send", conversation: "user:carol", text: "two", mid: "same" });
    assert.equal(!again.ok && again.code, "bad_request");
    assert.equal(world.history.load().outbox.length, 1);
  });

  it("is in the outbox and in the history before it is shown as sending", () => {
    const world = new World().open().unreachable();
    const message = world.send("bob", "hello");
    assert.equal(message.state, "sending");
    assert.deepEqual(world.history.load().outbox, [{ conversation: "user:bob", seq: 1, mid: "m1" }]);
    assert.deepEqual(world.changedMessages, [message]);
    assert.deepEqual(world.sent, []);
  });

  it("is the same message when a view asks again with its id", () => {
    const world = new World().connected();
    const message = world.send("bob", "hello");
    const again = world.do({ kind: "send", conversation: "user:bob", text: "hello", mid: message.mid });
    assert.deepEqual(again, { ok: true, message });
    assert.deepEqual(world.sent, []);
    assert.equal(world.history.load().outbox.length, 1);
  });

  it("leaves one at a time for each recipient, in order [P-5.6]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    assert.deepEqual(world.sent, ["m1"]);
    world.send("bob", "two");
    assert.deepEqual(world.sent, []);
    world.send("carol", "to another");
    assert.deepEqual(world.sent, ["m3"]);
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: delivered });
    assert.deepEqual(world.sent, ["m2"]);
  });

  it("goes again under the same id after the link was lost [P-5.4]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.send("bob", "two");
    world.unreachable().connected();
    assert.deepEqual(world.sent, ["m1"]);
  });

  it("goes in its order after a restart [P-5.4] [P-5.6]", () => {
    const world = new World().open().unreachable();
    world.send("bob", "one");
    world.send("bob", "two");
    world.do({ kind: "opened", account: { user: "Me", server: "s:1" }, loaded: world.history.load() });
    world.connected();
    assert.deepEqual(world.sent, ["m1"]);
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: delivered });
    assert.deepEqual(world.sent, ["m2"]);
  });

  it("becomes queued or delivered as the server says [P-4.2]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: { ok: true, delivery: "queued" } });
    assert.equal(world.history.message("user:bob", 1)?.state, "queued");
    assert.deepEqual(world.history.load().outbox, []);
  });

  it("fails with the reason on a final refusal, and the next one goes on", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.send("bob", "two");
    const outcome = failure("blocked");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome });
    const failed = world.history.message("user:bob", 1);
    assert.equal(failed?.state, "failed");
    assert.deepEqual(failed.failure, { code: "blocked", reason: outcome.reason });
    assert.deepEqual(world.sent, ["m2"]);
  });

  it("stays read when a second copy of it is refused: its reader blocks this person by then [P-5.4]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.unreachable().connected();
    assert.deepEqual(world.sent, ["m1"]);
    world.do({ kind: "read", from: "bob", upTo: "m1" });
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: failure("blocked") });
    const message = world.history.message("user:bob", 1);
    assert.deepEqual([message?.state, message?.failure], ["read", undefined]);
    assert.deepEqual(world.history.load().outbox, []);
  });

  it("waits and holds the ones behind it back on a refusal that may pass [P-5.6]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.send("bob", "two");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: failure("mailbox_full") });
    assert.deepEqual(world.sent, []);
    assert.equal(world.history.message("user:bob", 1)?.state, "sending");
    const due = dueAtMs(world.state.outbox, waysOf(world.state));
    assert.ok(due !== undefined && due > world.nowMs);
    world.do({ kind: "wake" });
    assert.deepEqual(world.sent, []);
    world.nowMs = due;
    world.do({ kind: "wake" });
    assert.deepEqual(world.sent, ["m1"]);
  });

  it("fails where the other person's program did not take it, and says so [P-5.6]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: failure("refused") });
    const { state, failure: why } = world.history.message("user:bob", 1) ?? {};
    assert.deepEqual([state, why?.reason], ["failed", "That user's program did not take this message."]);
    assert.equal(world.history.load().outbox.length, 0);
  });

  it("goes again when a new sign-in takes the place of a connection that stood [P-5.4]", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.connected();
    assert.deepEqual(world.sent, ["m1"]);
  });

  it("is put back by Retry under the same id and without the old failure", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: failure("no_such_user") });
    assert.deepEqual(world.do({ kind: "retry", conversation: "user:bob", mid: "m1" }), { ok: true });
    assert.deepEqual(world.sent, ["m1"]);
    const again = world.history.message("user:bob", 1);
    assert.equal(again?.state, "sending");
    assert.equal(again.failure, undefined);
    const twice = world.do({ kind: "retry", conversation: "user:bob", mid: "m1" });
    assert.equal(twice.ok, false);
  });

  it("ignores an answer that comes twice or too late", () => {
    const world = new World().connected();
    world.send("bob", "one");
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: delivered });
    world.do({ kind: "answered", conversation: "user:bob", mid: "m1", outcome: failure("blocked") });
    assert.equal(world.history.message("user:bob", 1)?.state, "delivered");
  });

  it("is refused when nobody is signed in, when it is empty, too long, or for no conversation", () => {
    const refused = (world: World, conversation: `user:${string}`, text: string) => {
      const outcome = world.do({ kind: "send", conversation, text, mid: "x" });
      return outcome.ok ? "ok" : outcome.code;
    };
    assert.equal(refused(new World(), "user:bob", "hi"), "not_authenticated");
    const world = new World().connected();
    assert.equal(refused(world, "user:bob", " \n"), "bad_request");
    assert.equal(refused(world, "user:bob", "x".repeat(61_439)), "too_large");
    assert.equal(refused(world, "user:b ob", "hi"), "bad_name");
    assert.equal(refused(world, "nobody" as `user:${string}`, "hi"), "bad_request");
    assert.equal(refused(world, "user:bob", "x".repeat(61_438)), "ok");
  });

  it("reaches everyone without a recipient's name [P-4.3]", () => {
    const world = new World().connected();
    world.send("everyone", "hello all");
    assert.equal(world.of("transmit")[0]?.to, undefined);
  });

  it("has at most 16 messages in flight to all recipients together", () => {
    const world = new World().open().unreachable();
    for (let index = 0; index < 40; index += 1) world.send(`user${index}`, "hi");
    world.connected();
    assert.equal(world.sent.length, 16);
    world.do({ kind: "answered", conversation: "user:user0", mid: "m1", outcome: delivered });
    assert.deepEqual(world.sent, ["m17"]);
  });
});
