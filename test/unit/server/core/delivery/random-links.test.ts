// The queue of a recipient against chance: links that are slow, silent or lost, clients that acknowledge late, out of order or
// not at all, and refuse, a storage that is slow or fails. Whatever happens: no letter whose sender was told `delivered` or
// `queued` is lost, none is pushed twice on one link (but after it was refused), each sender is answered once, the letters of
// one sender arrive in order (but for those that were refused), and once a client acknowledged everything nothing is left.

import assert from "node:assert/strict";
import fc from "fast-check";
import { QueueWorld } from "../../queue-world.ts";
import type { MemoryChannel } from "../../queue-world.ts";

interface Step {
  readonly kind: string;
  /** What it is done to, as a part of all that it may be done to. */
  readonly part: number;
  readonly settle: boolean;
}

/** How often each step is taken, in proportion. */
const acknowledging = {
  say: 10,
  sayMuch: 3,
  broadcast: 1,
  receive: 8,
  acknowledge: 5,
  acknowledgeSome: 6,
  refuse: 2,
  refuseForGood: 1,
  wait: 4,
  waitLong: 2,
  lose: 1,
  meet: 2,
  slowDisk: 1,
  fastDisk: 2,
  commit: 4,
  breakDisk: 1,
  mendDisk: 2,
};
const plain = {
  ...{ say: 10, sayMuch: 3, broadcast: 1, receive: 10, wait: 4, waitLong: 1, lose: 2, meet: 3, visit: 1, answer: 1 },
  ...{ slowDisk: 1, fastDisk: 2, commit: 4 },
};
/** One device after another, and a port in between. */
const mixed = { ...acknowledging, meet: 3, meetPlain: 3, meetPort: 2, fail: 1, visit: 1, answer: 1 };

const refusalsForNow = [undefined, "internal", "busy", "nonsense"];
const refusalsForGood = ["bad_request", "not_authenticated", "too_large"];

class Talk {
  readonly world = new QueueWorld();
  /** In the order in which bob's client received them first. */
  readonly arrived: string[] = [];
  /** What was refused at any time. */
  readonly refused = new Set<string>();
  #link: { readonly channel: MemoryChannel; received: number } | undefined;
  #broadcasts = 0;
  readonly #said: string[] = [];
  readonly #acks: boolean;

  /** @param acks of a device that just comes */
  constructor(acks: boolean) {
    this.#acks = acks;
  }

  async step({ kind, part, settle }: Step): Promise<void> {
    await this.#do(kind, part);
    if (settle) await this.world.settle();
    this.#check();
  }

  /** Everything works again, and bob's client takes all there is. */
  async finish(): Promise<void> {
    const { world } = this;
    world.mailbox.stuck = false;
    world.disk.works = true;
    await world.settle();
    await this.#meet();
    for (let round = 0; round < 30; round += 1) {
      this.#receive(1);
      await this.#acknowledge(1);
      await world.advance(round % 6 === 5 ? 10_500 : 500);
      this.#check();
    }
    for (const text of this.#said) assert.notEqual(world.outcome(text), undefined, `${text} was answered`);
    const promised = this.#said.filter((text) => ["delivered", "queued"].includes(world.outcome(text) ?? ""));
    assert.deepEqual(
      promised.filter((text) => !this.arrived.includes(text)),
      [],
      "promised, and lost",
    );
    assert.deepEqual(world.stored, [], "left in the mailbox");
    for (const sender of ["a", "b"]) {
      const numbers = this.arrived
        .filter((text) => text.startsWith(sender) && !this.refused.has(text))
        .map((text) => Number(text.slice(1)));
      assert.deepEqual(
        numbers,
        numbers.toSorted((one, other) => one - other),
        `out of order: ${this.arrived.join(" ")}`,
      );
    }
  }

  async #do(kind: string, part: number): Promise<void> {
    const { world } = this;
    if (kind === "say") this.#say(part, 0);
    else if (kind === "sayMuch") for (let time = 0; time < 8; time += 1) this.#say(part, 60_000);
    else if (kind === "broadcast") this.world.broadcast(`all${(this.#broadcasts += 1)}`);
    else if (kind === "receive") this.#receive(part);
    else if (kind === "acknowledge") await this.#acknowledge(part);
    else if (kind === "acknowledgeSome") await this.#acknowledgeOne(part);
    else if (kind === "refuse") await this.#refuse(part, refusalsForNow);
    else if (kind === "refuseForGood") await this.#refuse(part, refusalsForGood);
    else if (kind === "wait") await world.advance(Math.ceil(part * 9) * 1_000);
    else if (kind === "waitLong") await world.advance(10_500);
    else if (kind === "lose") world.queue.detach();
    else if (kind === "meet") await this.#meet();
    else if (kind === "meetPlain") await this.#meet({ acks: false });
    else if (kind === "meetPort") await this.#meet({ acks: false, final: false });
    else if (kind === "fail") this.#fail();
    else if (kind === "visit") await this.#visit(part);
    else if (kind === "answer") this.#answer(part);
    else if (kind === "slowDisk") world.mailbox.stuck = true;
    else if (kind === "fastDisk") world.mailbox.stuck = false;
    else if (kind === "commit") this.#commitOnce();
    else if (kind === "breakDisk") world.disk.works = false;
    else world.disk.works = true;
    if (kind === "lose") this.#link = undefined;
  }

  #say(part: number, size: number): void {
    const sender = part < 0.5 ? "a" : "b";
    const text = `${sender}${this.#said.length}`;
    this.#said.push(text);
    this.world.offer(text, { sender: part < 0.5 ? 1 : 2, size });
  }

  /** That part of what is on the way reaches the client. */
  #receive(part: number): void {
    const link = this.#link;
    if (!link) return;
    // A connection to a port that failed takes with it what was on its way.
    link.received = Math.max(link.received, link.channel.taken);
    const lines = Math.ceil((link.channel.sent.length - link.received) * part);
    for (const { text } of link.channel.sent.slice(link.received, link.received + lines)) {
      if (!text.startsWith("all") && !this.arrived.includes(text)) this.arrived.push(text);
    }
    link.received += lines;
    link.channel.take(lines);
  }

  /** What the client received and may acknowledge, the oldest first. */
  #unanswered(): string[] {
    const link = this.#link;
    if (link?.channel.acks !== true) return [];
    const received = link.channel.sent.slice(0, link.received);
    return received.filter(({ id }) => !link.channel.answered.has(id)).map(({ text }) => text);
  }

  async #acknowledge(part: number): Promise<void> {
    const texts = this.#unanswered();
    for (const text of texts.slice(0, Math.ceil(texts.length * part))) await this.world.ack(text);
  }

  async #acknowledgeOne(part: number): Promise<void> {
    const texts = this.#unanswered();
    const text = texts[Math.floor(texts.length * part)];
    if (text !== undefined) await this.world.ack(text);
  }

  async #refuse(part: number, codes: readonly (string | undefined)[]): Promise<void> {
    const texts = this.#unanswered();
    const text = texts[Math.floor(texts.length * part)];
    if (text === undefined) return;
    this.refused.add(text);
    await this.world.refuse(text, codes[texts.length % codes.length]);
  }

  async #meet(how: { acks: boolean; final?: boolean } = { acks: this.#acks }): Promise<void> {
    const channel = await this.world.attach(how);
    this.#link = { channel, received: 0 };
  }

  /** Nobody listens at the port just now. */
  #fail(): void {
    const link = this.#link;
    if (!link || link.channel.final) return;
    link.received = link.channel.sent.length;
    this.world.queue.failed();
  }

  /** A link that takes everything, and is closed before anybody read it. */
  async #visit(part: number): Promise<void> {
    await this.#meet({ acks: false });
    this.world.channel.take();
    await this.world.advance(Math.floor(part * 18) * 500);
    this.world.channel.take();
    this.world.queue.detach();
    this.#link = undefined;
  }

  /** One without acks says that it reads. */
  #answer(part: number): void {
    const link = this.#link;
    if (!link?.channel.final || link.received === 0) return;
    this.world.queue.answeredInOrder(Math.ceil(part * link.received));
  }

  #commitOnce(): void {
    const { stuck } = this.world.mailbox;
    this.world.mailbox.stuck = false;
    this.world.mailbox.commit();
    this.world.mailbox.stuck = stuck;
  }

  #check(): void {
    const link = this.#link;
    for (const text of this.#said) this.world.outcome(text);
    // At a port each push has a connection of its own.
    if (link?.channel.final !== true) return;
    const texts = link.channel.texts.filter((text) => !this.refused.has(text));
    assert.equal(new Set(texts).size, texts.length, `pushed twice on one link: ${texts.join(" ")}`);
  }
}

function stepsOf(weights: Readonly<Record<string, number>>): fc.Arbitrary<Step[]> {
  const kinds = Object.entries(weights).map(([kind, weight]) => ({ arbitrary: fc.constant(kind), weight }));
  const step = fc.record({
    kind: fc.oneof(...kinds),
    part: fc.double({ min: 0, max: 0.999, noNaN: true }),
    settle: fc.boolean(),
  });
  return fc.array(step, { minLength: 5, maxLength: 60, size: "max" });
}

async function talk(acks: boolean, steps: readonly Step[]): Promise<void> {
  const conversation = new Talk(acks);
  for (const step of steps) await conversation.step(step);
  await conversation.finish();
}

const numRuns = 60;

describe("the queue of a recipient, whatever happens", () => {
  it("keeps the promise to one that acknowledges [P-5]", async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(acknowledging), (steps) => talk(true, steps)),
      { numRuns },
    );
  }).timeout(60_000);

  it("keeps the promise to one without acks [P-5.5]", async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(plain), (steps) => talk(false, steps)),
      { numRuns },
    );
  }).timeout(60_000);

  it("keeps the promise to somebody with many devices [P-5]", async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf(mixed), (steps) => talk(true, steps)),
      { numRuns },
    );
  }).timeout(60_000);
});
