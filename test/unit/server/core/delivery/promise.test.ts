// The promise of section 5 against chance: random conversations with links that break, disks that fail and servers that are
// killed. Whatever happens, nothing that was answered with ok is lost, nothing is shown twice by a recipient that counts
// (from, mid), and what one sender was promised arrives in the order of sending.

import assert from "node:assert/strict";
import fc from "fast-check";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const steps = [
  "say",
  "say",
  "say",
  "say",
  "login",
  "acknowledge",
  "refuse",
  "drop",
  "wait",
  "breakDisk",
  "fixDisk",
  "slowDisk",
  "fastDisk",
  "commit",
  "kill",
] as const;

/** A conversation in which bob acknowledges, remembers what he has, and alice sends each text once. */
class Conversation {
  readonly world = new MemoryWorld();
  /** What bob stored, in the order in which he first did. */
  readonly stored: string[] = [];
  readonly promised: string[] = [];
  alice!: MemoryLink;
  bob: MemoryLink | undefined;
  #sent = 0;
  #seen = 0;

  async start(): Promise<void> {
    this.alice = await this.world.join("alice");
    await this.world.join("bob");
    await this.login();
  }

  async step(step: (typeof steps)[number]): Promise<void> {
    if (step === "say") this.#say();
    else if (step === "login") await this.login();
    else if (step === "acknowledge") this.acknowledge();
    else if (step === "refuse") this.#refuse();
    else if (step === "drop") this.bob?.drop();
    else if (step === "wait") await this.world.advance(10_500);
    else if (step === "breakDisk") this.world.disk.works = false;
    else if (step === "fixDisk") this.world.disk.works = true;
    else if (step === "slowDisk") this.world.mailbox.stuck = true;
    else if (step === "fastDisk") this.world.mailbox.stuck = false;
    else if (step === "commit") this.#commit();
    else await this.#kill();
  }

  async login(): Promise<void> {
    const link = this.world.connect();
    link.request({ type: "auth", username: "bob", password: "pw", acks: true, device: "laptop" });
    await this.world.settle();
    if (link.answer(undefined)["result"] === "ok") this.#meet(link);
  }

  /** Bob stores what he was sent, and says so. */
  acknowledge(): void {
    const lines = this.bob?.ofType("message") ?? [];
    for (const line of lines.slice(this.#seen)) {
      const text = String(line["msg"]);
      if (!this.stored.includes(text)) this.stored.push(text);
      this.bob?.request({ id: line["id"], result: "ok" });
    }
    this.#seen = lines.length;
  }

  /** Until everything promised has arrived, or nothing moves any more. */
  async finish(): Promise<void> {
    this.world.disk.works = true;
    this.world.mailbox.stuck = false;
    await this.world.settle();
    this.#hear();
    await this.login();
    for (let round = 0; round < 8; round += 1) {
      this.acknowledge();
      await this.world.advance(3_000);
      this.alice.request({ type: "alive" });
      this.#hear();
    }
  }

  #say(): void {
    this.#sent += 1;
    this.alice.request({
      type: "message",
      to: "bob",
      msg: `t${this.#sent}`,
      mid: `m${this.#sent}`,
      id: `t${this.#sent}`,
    });
  }

  /** Bob's disk is full: he refuses everything new, and leaves so that nothing later comes before it. */
  #refuse(): void {
    const lines = this.bob?.ofType("message") ?? [];
    for (const line of lines.slice(this.#seen))
      this.bob?.request({ id: line["id"], result: "no", code: "unavailable" });
    this.bob?.drop();
  }

  #commit(): void {
    const { mailbox } = this.world;
    const { stuck } = mailbox;
    mailbox.stuck = false;
    mailbox.commit();
    mailbox.stuck = stuck;
  }

  async #kill(): Promise<void> {
    this.#hear();
    const disk = this.world.disk.works;
    this.world.disk.works = true;
    this.world.restart();
    this.alice = await this.world.join("alice");
    this.world.disk.works = disk;
  }

  #meet(link: MemoryLink): void {
    this.bob = link;
    this.#seen = 0;
  }

  /** What alice was promised so far. */
  #hear(): void {
    for (const line of this.alice.ofType(undefined)) {
      const text = String(line["id"]);
      if (line["result"] === "ok" && line["delivery"] !== undefined && !this.promised.includes(text))
        this.promised.push(text);
    }
  }
}

describe("the promise, whatever happens", () => {
  it("loses nothing that was answered, and keeps the order of one sender [P-5]", async () => {
    let promised = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...steps), fc.boolean()), { minLength: 5, maxLength: 40, size: "max" }),
        async (conversation) => {
          const talk = new Conversation();
          await talk.start();
          for (const [step, settle] of conversation) {
            await talk.step(step);
            if (settle) await talk.world.settle();
          }
          await talk.finish();
          promised += talk.promised.length;
          const lost = talk.promised.filter((text) => !talk.stored.includes(text));
          assert.deepEqual(lost, [], "promised and never arrived");
          const numbers = talk.stored
            .filter((text) => talk.promised.includes(text))
            .map((text) => Number(text.slice(1)));
          assert.deepEqual(
            numbers,
            numbers.toSorted((a, b) => a - b),
            "out of order",
          );
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(promised > 1_000, `${promised} promises were worth testing`);
  }).timeout(60_000);
});
