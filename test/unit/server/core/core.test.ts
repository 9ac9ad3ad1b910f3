import assert from "node:assert/strict";
import type { LogFields } from "../../../../server/core/ports.ts";
import { MemoryWorld } from "../memory-world.ts";

describe("the core", () => {
  let world: MemoryWorld;

  beforeEach(() => {
    world = new MemoryWorld();
  });

  it("tells how things stand", async () => {
    const alice = await world.join("alice");
    await world.join("bob", { acks: true });
    (await world.join("carol")).drop();
    world.connect();
    alice.request({ type: "message", to: "bob", msg: "x" });
    await world.settle();
    const { connections, sessions, linkedSessions, pushesUnderWay } = world.core.census();
    assert.deepEqual([connections, sessions, linkedSessions, pushesUnderWay], [3, 3, 2, 1]);
  });

  it("signs out whose password an operator changed, and says so [P-6.4]", async () => {
    const alice = await world.join("alice");
    world.core.signedOut(1);
    world.core.signedOut(99);
    await world.settle();
    assert.deepEqual(
      [alice.ofType("kill")[0]?.["reason"], alice.closed],
      ["sign in again: the password of this account was changed.", true],
    );
  });

  it("logs some refusals between two sweeps, and counts the rest", async () => {
    const logged: { event: string; fields: LogFields | undefined }[] = [];
    for (const level of ["debug", "info", "warn"] as const) {
      world.core.ports.log[level] = (event, fields) => logged.push({ event, fields });
    }
    const link = world.connect("10.0.0.1");
    for (let time = 0; time < 50; time += 1) link.request({ type: "nonsense" });
    await world.settle();
    assert.equal(logged.filter(({ event }) => event === "refused").length, 20);
    await world.advance(500);
    assert.deepEqual(logged.at(-1), { event: "more_refusals", fields: { count: 30 } });
    assert.equal(world.core.counters.refusals.get("unknown_type"), 50);
    link.request({ type: "nonsense" });
    await world.settle();
    const { fields } = logged.at(-1) ?? {};
    assert.deepEqual([fields?.["code"], fields?.["address"]], ["unknown_type", "10.0.0.1"]);
  });

  it("answers and closes everything when it stops, and loses nothing that was under way [P-5.2]", async () => {
    const [alice, bob] = [await world.join("alice"), await world.join("bob", { acks: true, port: 1 })];
    alice.request({ type: "message", to: "bob", msg: "x", id: "m" });
    alice.request({ type: "address", target: "bob", id: "a" });
    await world.settle();
    world.core.stop();
    await world.settle();
    assert.deepEqual([alice.answer("m")["delivery"], alice.answer("a")["code"]], ["queued", "offline"]);
    assert.deepEqual([alice.closed, bob.closed, world.mailbox.texts(2)], [true, true, ["x"]]);
  });

  it("counts what became of messages", async () => {
    const [alice, bob] = [await world.join("alice"), await world.join("bob", { acks: true })];
    const send = async (type: string) => {
      alice.request({ type, to: "bob", msg: "x" });
      await world.settle();
    };
    await send("message");
    await send("broadcast");
    bob.acknowledgeAll();
    bob.drop();
    await send("message");
    (await world.signIn("bob", { acks: true })).acknowledgeAll();
    await world.settle();
    assert.deepEqual(world.core.counters.messages, { delivered: 1, queued: 1, fetched: 1, broadcast: 1 });
  });
});
