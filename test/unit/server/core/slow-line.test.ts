import assert from "node:assert/strict";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

describe("somebody whose line is slow, while others do what they can to fill it", () => {
  let world: MemoryWorld;
  let bob: MemoryLink;
  let others: MemoryLink[];

  beforeEach(async () => {
    world = new MemoryWorld();
    bob = await world.join("bob", { acks: true, presence: true });
    bob.drop();
    others = [];
    for (let person = 0; person < 80; person += 1) others.push(await world.join(`person${person}`));
    for (let each = 0; each < 20; each += 1) {
      await world.ask(others[0] ?? bob, { type: "message", to: "bob", msg: `${each} ${"x".repeat(20_000)}` });
    }
    bob = world.connect();
    bob.stuck = true;
    bob.request({ type: "auth", username: "bob", password: "pw", acks: true, presence: true });
    await world.settle();
  });

  /** For a minute, at 48 KB a second. */
  async function last(fill: (round: number) => void): Promise<void> {
    for (let round = 0; round < 240; round += 1) {
      fill(round);
      await world.advance(250);
      const before = bob.unsentBytes;
      while (before - bob.unsentBytes < 12_000 && bob.take(1));
      for (const { id } of bob.ofType("message")) bob.request({ id, result: "ok" });
      bob.lines.length = 0;
      await world.settle();
    }
    assert.equal(bob.closed, false);
    assert.deepEqual(world.mailbox.texts(1), []);
  }

  it("is brought the mailbox though many people change their presence all the time [P-5.3, P-6.5]", async () => {
    await last((round) => {
      const text = `${round}`.padEnd(140, "x");
      for (const person of others) person.request({ type: "presence", state: "away", text });
    });
  });

  it("is brought the mailbox though many people signal all the time [P-5.3, P-4.14]", async () => {
    await last(() => {
      for (const person of others) {
        for (let time = 0; time < 5; time += 1) person.request({ type: "signal", to: "bob", kind: "typing" });
      }
    });
  });

  it("is brought the mailbox though there are broadcasts all the time [P-5.3, P-4.3]", async () => {
    await last(() => others[1]?.request({ type: "broadcast", msg: "x".repeat(15_000) }));
  });
});
