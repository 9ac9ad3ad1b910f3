import assert from "node:assert/strict";
import fc from "fast-check";
import {
  takeSendable,
  dueAtMs,
  emptyOutbox,
  enqueue,
  postpone,
  sendAgain,
  serverLost,
  settle,
  wayChanged,
} from "../../../../daemon/core/outbox.ts";
import type { Outbox, Ways } from "../../../../daemon/core/outbox.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import { triedUntilMs } from "../../../../daemon/core/state.ts";
import { World } from "./world.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const conversations = Array.from({ length: 20 }, (_, index): ConversationId => `user:p${index}`);

/** One thing that happens to an outbox, whoever caused it. */
type Happening =
  | { readonly kind: "written" | "settled" | "postponed" | "again" | "linked" | "unlinked"; readonly who: number }
  | { readonly kind: "server"; readonly there: boolean }
  | { readonly kind: "pumped" }
  | { readonly kind: "later"; readonly ms: number };

const who = fc.nat({ max: conversations.length - 1 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("written" as const), who }) },
  fc.record({ kind: fc.constantFrom("settled" as const, "postponed" as const), who }),
  fc.record({ kind: fc.constantFrom("again" as const, "linked" as const, "unlinked" as const), who }),
  fc.record({ kind: fc.constant("server" as const), there: fc.boolean() }),
  fc.record({ kind: fc.constant("later" as const), ms: fc.nat({ max: 70_000 }) }),
  { weight: 2, arbitrary: fc.constant({ kind: "pumped" as const }) },
);

class Post {
  outbox: Outbox = emptyOutbox;
  ways: Ways = { links: new Map(), server: true };
  nowMs = 1_000;
  #next = 1;

  happen(event: Happening): void {
    const conversation = conversations["who" in event ? event.who : 0] ?? "everyone";
    const links = new Map(this.ways.links);
    switch (event.kind) {
      case "written": {
        const entry = { seq: this.#next, mid: `m${this.#next}` };
        this.#next += 1;
        this.outbox = enqueue(this.outbox, conversation, entry, this.nowMs);
        return;
      }
      case "settled":
        this.outbox = settle(this.outbox, conversation);
        return;
      case "postponed":
        if (this.outbox.queues.get(conversation)?.inFlight) {
          this.outbox = postpone(this.outbox, conversation, this.nowMs, 0.5);
        }
        return;
      case "again":
        if (links.has(conversation)) this.outbox = sendAgain(this.outbox, conversation, [{ seq: 1, mid: "m1" }]);
        return;
      case "linked":
      case "unlinked": {
        const link = event.kind === "linked" ? this.#next++ : undefined;
        if (link === undefined) links.delete(conversation);
        else links.set(conversation, link);
        this.ways = { ...this.ways, links };
        this.outbox = wayChanged(this.outbox, conversation, link);
        return;
      }
      case "server":
        this.ways = { ...this.ways, server: event.there };
        this.outbox = serverLost(this.outbox);
        return;
      case "later":
        this.nowMs += event.ms;
        return;
      case "pumped":
        this.pump();
    }
  }

  /** @returns how many left */
  pump(): number {
    const { outbox, sendable } = takeSendable(this.outbox, this.ways, this.nowMs);
    this.outbox = outbox;
    return sendable.length;
  }
}

describe("the outbox", () => {
  it("wakes nobody in vain: what is due leaves, and while nothing may leave nothing is due", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 120 }), (events) => {
        const post = new Post();
        for (const event of events) {
          post.happen(event);
          const due = dueAtMs(post.outbox, post.ways);
          if (due === undefined) {
            assert.equal(takeSendable(post.outbox, post.ways, Number.MAX_SAFE_INTEGER).sendable.length, 0);
            continue;
          }
          const wakeMs = Math.max(due, post.nowMs);
          const woken = takeSendable(post.outbox, post.ways, wakeMs);
          assert.ok(woken.sendable.length > 0, "woken for nothing");
          const next = dueAtMs(woken.outbox, post.ways);
          assert.ok(next === undefined || next > wakeMs, "woken again at once");
        }
      }),
    );
  });

  it("is not due while sixteen are in flight and one is held back", () => {
    const world = new World().connected();
    world.send("busy", "hi");
    world.do({ kind: "answered", conversation: "user:busy", mid: "m1", outcome: refused });
    for (let index = 0; index < 16; index += 1) world.send(`user${index}`, "hi");
    world.nowMs += 60_000;
    assert.equal(dueAtMs(world.state.outbox, { links: new Map(), server: true }), undefined);
  });

  it("uses the place of one that was refused for now for the next in line", () => {
    const world = new World().open().unreachable();
    for (let index = 0; index < 17; index += 1) world.send(`user${index}`, "hi");
    world.connected();
    world.do({ kind: "answered", conversation: "user:user0", mid: "m1", outcome: refused });
    assert.deepEqual(world.sent, ["m17"]);
  });

  it("is tried for a day from the newest that was written, over a restart too", () => {
    const world = new World().open().unreachable();
    assert.equal(triedUntilMs(world.state, world.nowMs), undefined);
    world.send("bob", "one");
    world.nowMs += 5_000;
    world.send("carol", "two");
    const untilMs = world.nowMs + dayMs;
    assert.equal(triedUntilMs(world.state, world.nowMs), untilMs);
    world.nowMs += 3_600_000;
    world.open().unreachable();
    assert.equal(triedUntilMs(world.state, world.nowMs), untilMs);
    assert.equal(triedUntilMs(world.state, untilMs), undefined);
  });

  it("is not tried while nobody is signed in", () => {
    const world = new World().open().unreachable();
    world.send("bob", "one");
    world.do({ kind: "session", session: { state: "signedOut" } });
    assert.equal(triedUntilMs(world.state, world.nowMs), undefined);
  });

  it("is not tried for longer because a clock was set back", () => {
    const world = new World().open().unreachable();
    world.send("bob", "one");
    assert.equal(triedUntilMs(world.state, world.nowMs - 10 * dayMs), world.nowMs - 9 * dayMs);
  });
});

const refused = { ok: false, code: "mailbox_full", reason: "full" } as const;
