import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const ref = { kind: "edit", mid: "m1" };

describe("a message that does something to an earlier one", () => {
  let world: MemoryWorld;
  let alice: MemoryLink;
  let bob: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    alice = await world.join("alice");
    bob = await world.join("bob", { acks: true });
  });

  it("is passed on with what it does as it came, whatever the kind [P-4.15]", async () => {
    alice.request({ type: "message", to: "bob", msg: "better", mid: "m2", ref: { ...ref, other: "field" } });
    alice.request({ type: "message", to: "bob", msg: "hm", mid: "m3", ref: { kind: "wave", mid: "m1" } });
    alice.request({ type: "message", to: "bob", msg: "plain", mid: "m4" });
    await world.settle();
    const pushed = bob.ofType("message");
    assert.deepEqual(
      pushed.map((push) => push["ref"]),
      [{ ...ref, other: "field" }, { kind: "wave", mid: "m1" }, undefined],
    );
    assert.equal("ref" in (pushed[2] ?? {}), false);
  });

  it("is passed on to everyone in the same way [P-4.15]", async () => {
    alice.request({ type: "broadcast", msg: "better", mid: "m2", ref, id: "b" });
    await world.settle();
    bob.acknowledgeAll();
    await world.settle();
    assert.deepEqual(alice.answer("b"), { id: "b", result: "ok", delivered: 1 });
    assert.deepEqual(bob.ofType("message")[0]?.["ref"], ref);
  });

  it("keeps it in the mailbox, and hands it out from there [P-4.15, P-5.2]", async () => {
    bob.drop();
    await world.settle();
    const answer = await world.ask(alice, { type: "message", to: "bob", msg: "better", mid: "m2", ref });
    assert.deepEqual(answer, { result: "ok", delivery: "queued" });
    const again = await world.signIn("bob", { acks: true });
    assert.deepEqual(again.ofType("message")[0]?.["ref"], ref);
  });

  it("is refused where its reference is nested so deeply that it cannot be written again [P-4.15]", async () => {
    const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    const line = `{"type":"message","to":"bob","msg":"x","id":"deep","ref":{"kind":"edit","mid":"m1","other":${deep}}}`;
    alice.request(JSON.parse(line) as object, line.length);
    await world.settle();
    assert.equal(alice.answer("deep")["code"], "bad_request");
    assert.deepEqual(bob.ofType("message"), []);
  });

  for (const [what, wrong] of [
    ["no object", "m1"],
    ["a list", [ref]],
    ["without a kind", { mid: "m1" }],
    ["without an id", { kind: "edit" }],
    ["with an empty kind", { kind: "", mid: "m1" }],
    ["with a long kind", { kind: "k".repeat(17), mid: "m1" }],
    ["with an empty id", { kind: "edit", mid: "" }],
    ["with a long id", { kind: "edit", mid: "m".repeat(129) }],
    ["too long with fields of others", { ...ref, other: "x".repeat(1_024) }],
    ["with half a character", { kind: "edit", mid: "\ud800" }],
  ] as const) {
    it(`is refused where its reference is ${what} [P-4.15]`, async () => {
      for (const request of [{ type: "message", to: "bob" }, { type: "broadcast" }]) {
        const answer = await world.ask(alice, { ...request, msg: "x", mid: "m2", ref: wrong });
        assert.equal(answer["code"], "bad_request");
      }
      assert.deepEqual(bob.ofType("message"), []);
    });
  }
});
