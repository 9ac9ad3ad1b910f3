import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../../../../protocol/wire/frame.ts";
import { MemoryWorld } from "../../memory-world.ts";
import type { MemoryLink } from "../../memory-world.ts";

const isPresence = ({ type }: JsonObject) => type === "presence" || type === "offline";

describe("changes of presence", () => {
  let world: MemoryWorld;
  let watcher: MemoryLink;
  let alice: MemoryLink;

  beforeEach(async () => {
    world = new MemoryWorld();
    watcher = await world.join("watcher", { presence: true });
    alice = await world.join("alice", { presence: true });
    await quietly();
    watcher.lines.length = 0;
  });

  /** As on a server where nothing happens: its rounds go on. */
  async function quietly(): Promise<void> {
    for (let round = 0; round < 4; round += 1) next();
    await world.settle();
  }
  function next(): void {
    world.skip(250);
    world.core.round();
  }
  /** What the watcher was told, without what is told in the next round. */
  function told(link = watcher): unknown[] {
    link.deliver();
    return link.lines
      .splice(0)
      .filter(isPresence)
      .map(({ from, state }) => `${String(from)} ${String(state)}`);
  }
  const say = (link: MemoryLink, state: string, text?: string) =>
    link.request({ type: "presence", state, ...(text !== undefined && { text }) });

  it("that come alone are told at once, between two rounds too [P-6.5]", () => {
    world.skip(100);
    say(alice, "away");
    assert.deepEqual(told(), ["alice away"]);
  });

  it("that follow within 250 ms are told together then, the last state of each [P-6.5]", async () => {
    const bob = await world.join("bob");
    await quietly();
    told();
    for (const state of ["away", "dnd", "available", "away"]) say(alice, state);
    say(bob, "dnd");
    assert.deepEqual(told(), ["alice away"]);
    for (const state of ["dnd", "away", "dnd"]) say(alice, state);
    next();
    assert.equal(watcher.take(1), true, "in one write");
    assert.deepEqual(told(), ["bob dnd", "alice dnd"]);
    next();
    assert.deepEqual(told(), []);
  });

  it("are none where nothing is changed [P-4.13]", async () => {
    say(alice, "away", "lunch");
    assert.deepEqual(told(), ["alice away"]);
    await quietly();
    for (let time = 0; time < 10; time += 1) say(alice, "away", "lunch");
    await quietly();
    assert.deepEqual(told(), []);
    say(alice, "away");
    assert.deepEqual(told(), ["alice away"]);
  });

  it("are told in the same words to all who see them, and not to those about whom they are", async () => {
    const other = await world.join("other", { presence: true });
    await quietly();
    for (const link of [watcher, other, alice]) link.lines.length = 0;
    say(alice, "away");
    for (const link of [watcher, other, alice]) link.deliver();
    assert.deepEqual(watcher.lines, other.lines);
    assert.equal(watcher.lines.length, 1);
    assert.deepEqual(alice.lines.filter(isPresence), []);
  });

  it("are not told to somebody who comes later: the directory has them [P-4.13]", async () => {
    say(alice, "away");
    say(alice, "dnd");
    const late = await world.join("late", { presence: true });
    await quietly();
    assert.deepEqual(told(late), []);
  });

  it("wait for a watcher whose line is full, and then are told as they are by then [P-6.5]", async () => {
    watcher.stuck = true;
    for (let each = 0; each < 6; each += 1) alice.request({ type: "message", to: "watcher", msg: "x".repeat(60_000) });
    await world.settle();
    const { unsentBytes } = watcher;
    assert.ok(unsentBytes > 256 * 1_024);
    for (const state of ["away", "dnd", "available", "dnd"]) {
      say(alice, state);
      await quietly();
    }
    assert.equal(watcher.unsentBytes, unsentBytes);
    watcher.stuck = false;
    await quietly();
    await quietly();
    assert.deepEqual(told(), ["alice dnd"]);
  });

  it("of a thousand people in a moment cost each of a hundred watchers two writes", async () => {
    const people: MemoryLink[] = [];
    for (let person = 0; person < 1_000; person += 1) people.push(await world.join(`person${person}`));
    const watchers: MemoryLink[] = [];
    for (let each = 0; each < 100; each += 1) watchers.push(await world.join(`watcher${each}`, { presence: true }));
    await quietly();
    for (const link of watchers) link.lines.length = 0;
    for (const person of people) say(person, "away");
    next();
    for (const link of watchers) {
      link.take(2);
      assert.equal(link.unsentBytes, 0);
      assert.equal(link.lines.length, 1_000);
    }
  });

  it("that are more than one write are told over several rounds, each once", async () => {
    const text = "\u{1f600}".repeat(70);
    const people: MemoryLink[] = [];
    for (let person = 0; person < 2_000; person += 1) people.push(await world.join(`person${person}`));
    await quietly();
    told();
    for (const person of people) say(person, "away", text);
    next();
    const first = told();
    assert.ok(first.length > 100 && first.length < 2_000, `${first.length}`);
    const rest = [];
    for (let round = 0; round < 5; round += 1) {
      next();
      rest.push(...told());
    }
    assert.equal(new Set([...first, ...rest]).size, 2_000);
    assert.equal(first.length + rest.length, 2_000);
  });

  it("are what each watcher sees in the end, whatever happens in between [P-4.13, P-6.5]", async () => {
    const names = ["ann", "ben", "cid"] as const;
    const who = fc.nat(names.length - 1);
    const step = fc.record({
      kind: fc.constantFrom(
        "say",
        "say",
        "say",
        "block",
        "unblock",
        "stick",
        "flow",
        "round",
        "wait",
        "leave",
        "return",
      ),
      who,
      other: who,
      state: fc.constantFrom("available", "away", "dnd"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
        const party = await Party.of(names);
        for (const { kind, who: one, other, state } of steps) await party.step(kind, one, other, state);
        await party.check();
      }),
      { numRuns: 100 },
    );
  });
});

/** Some people who watch each other. */
class Party {
  readonly #world = new MemoryWorld();
  readonly #names: readonly string[];
  readonly #links: MemoryLink[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  static async of(names: readonly string[]): Promise<Party> {
    const party = new Party(names);
    for (const name of names) await party.#world.join(name, { device: name });
    for (const index of names.keys()) await party.#arrive(index);
    return party;
  }

  async step(kind: string, who: number, other: number, state: string): Promise<void> {
    const link = this.#links[who];
    if (!link) return;
    if (kind === "say") link.request({ type: "presence", state });
    else if (kind === "block" || kind === "unblock") link.request({ type: kind, target: this.#names[other] });
    else if (kind === "stick") link.stuck = true;
    else if (kind === "flow") link.stuck = false;
    else if (kind === "round") this.#world.core.round();
    else if (kind === "wait") await this.#world.advance(500);
    else if (kind === "leave") link.request({ type: "logout" });
    else if (kind === "return" && link.closed) await this.#arrive(who);
    else if (kind === "return") link.drop();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }

  async check(): Promise<void> {
    for (const link of this.#links) link.stuck = false;
    for (let round = 0; round < 4; round += 1) await this.#world.advance(250);
    for (const [index, link] of this.#links.entries()) {
      if (link.closed) continue;
      const seen = new Map<string, unknown>();
      for (const line of link.lines) {
        for (const { name, state } of (line["users"] ?? []) as { name: string; state: string }[]) seen.set(name, state);
        if (line["type"] === "presence") seen.set(String(line["from"]), line["state"]);
        if (line["type"] === "offline") seen.set(String(line["from"]), "offline");
      }
      const { users } = await this.#world.ask(link, { type: "users" });
      // Who signed out on it does not hear anything any more.
      if (users === undefined) continue;
      const shown = new Map((users as { name: string; state: string }[]).map(({ name, state }) => [name, state]));
      for (const name of this.#names) {
        if (name === this.#names[index]) continue;
        // Somebody who blocks them is not in the directory, and offline for all they see.
        assert.equal(seen.get(name) ?? "offline", shown.get(name) ?? "offline", `${this.#names[index] ?? ""}, ${name}`);
      }
    }
  }

  async #arrive(who: number): Promise<void> {
    const name = this.#names[who] ?? "";
    const link = await this.#world.signIn(name, { presence: true, device: name });
    this.#links[who] = link;
    await this.#world.ask(link, { type: "users" });
  }
}
