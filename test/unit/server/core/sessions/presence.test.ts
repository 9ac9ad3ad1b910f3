import assert from "node:assert/strict";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

describe("presence", () => {
  let world: MemoryWorld;
  let watcher: MemoryLink;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    watcher = await world.join("watcher", { presence: true });
    alice = await world.join("alice");
  });

  const seen = () => {
    const line = watcher.lines.findLast(({ type }) => type === "presence" || type === "offline");
    return line?.["type"] === "offline" ? "offline" : [line?.["state"], line?.["text"]];
  };
  async function listed(): Promise<unknown> {
    return (await world.ask(watcher, { type: "users" }))["users"];
  }

  it("is pushed and listed as it was said last, with its text [P-4.13, P-6.5]", async () => {
    assert.deepEqual(seen(), ["available", undefined]);
    for (const [state, text] of [
      ["away", "lunch"],
      ["dnd", undefined],
      ["available", "x".repeat(140)],
    ] as const) {
      alice.request({ type: "presence", state, ...(text === undefined ? {} : { text }) });
      await world.settle();
      assert.deepEqual(seen(), [state, text]);
      assert.deepEqual(await listed(), [
        { name: "alice", account: "account-2", state, ...(text === undefined ? {} : { text }) },
      ]);
    }
    for (const wrong of [{ state: "gone" }, { state: "away", text: "x".repeat(141) }, {}]) {
      assert.equal((await world.ask(alice, { type: "presence", ...wrong }))["code"], "bad_request");
    }
  });

  it("is offline at once after a logout [P-4.7, P-6.2]", async () => {
    alice.request({ type: "logout" });
    await world.settle();
    assert.equal(seen(), "offline");
    assert.deepEqual(await listed(), [{ name: "alice", account: "account-2", state: "offline" }]);
  });

  it("is offline 60 s after the last sign of a client that vanished, not before [P-4.9, P-6.2]", async () => {
    alice.request({ type: "presence", state: "away" });
    await world.settle();
    alice.drop();
    for (let passed = 0; passed < 59_000; passed += 29_500) {
      assert.deepEqual(seen(), ["away", undefined]);
      await world.advance(29_500);
      watcher.request({ type: "alive" });
    }
    assert.deepEqual(seen(), ["away", undefined]);
    await world.advance(1_000);
    assert.equal(seen(), "offline");
  });

  it("is offline the same way where the link stands and is silent: a half-open connection [P-4.9]", async () => {
    await world.advance(30_000);
    watcher.request({ type: "alive" });
    await world.advance(30_500);
    assert.equal(seen(), "offline");
    assert.equal(alice.closed, true);
  });

  it("does not flicker where the same device comes back in time [P-3.6, P-4.1]", async () => {
    const bob = await world.join("bob", { device: "laptop" });
    watcher.lines.length = 0;
    bob.drop();
    await world.advance(20_000);
    await world.signIn("bob", { device: "laptop" });
    assert.deepEqual(
      watcher.lines.filter(({ from }) => from === "bob"),
      [],
    );
  });
});
