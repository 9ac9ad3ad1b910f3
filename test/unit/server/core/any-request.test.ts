// Requests of any kind with fields of any kind, from anybody: each has exactly one answer, none is `internal`, and nothing
// throws, whatever links are lost and whatever the disk does.

import assert from "node:assert/strict";
import fc from "fast-check";
import { routes } from "../../../../server/core/requests/routes.ts";
import { MemoryWorld } from "../memory-world.ts";
import type { MemoryLink } from "../memory-world.ts";

const names = ["ann", "ben", "ANN", "nobody", "", "__proto__", "x".repeat(300)];
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 60, "", "\ud800", "x".repeat(200), [], {}, [[]]),
  fc.jsonValue({ maxDepth: 2 }),
);
const name = fc.constantFrom("ann", "ben", ...names);
const or = (usual: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary: usual, weight: 20 }, { arbitrary: odd, weight: 1 });
const rare = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 9 }, { arbitrary: or(usual), weight: 1 });
const field = (usual: fc.Arbitrary<unknown>) => fc.option(or(usual), { nil: undefined, freq: 8 });

const types = routes.map(({ type }) => type);
/** Whoever signs out all the time asks little else. */
const frequent = [...types, ...types.filter((type) => type !== "logout"), "message", "message", "message"];

const request = fc.record({
  type: fc.constantFrom(...frequent, "nonsense"),
  from: rare(name),
  token: rare(fc.constantFrom("token 1", "token 2", "token 3", "token 9")),
  username: field(name),
  password: field(fc.constantFrom("pw", "wrong")),
  to: field(name),
  target: field(name),
  msg: field(fc.constantFrom("hello", "x".repeat(61_000), "\u0000", "\ud83d")),
  mid: field(fc.constantFrom("m1", "m2", "m3")),
  ts: field(fc.nat()),
  ref: field(fc.constant({ kind: "edit", mid: "m1" })),
  state: field(fc.constantFrom("available", "away", "dnd")),
  text: field(fc.constant("lunch")),
  kind: field(fc.constantFrom("typing", "read")),
  limit: field(fc.nat(300)),
  after: field(name),
  port: field(fc.constantFrom(4_242, "4242")),
  device: field(fc.constantFrom("laptop", "phone")),
  acks: field(fc.boolean()),
  presence: field(fc.boolean()),
  outcomes: field(fc.boolean()),
});

const step = fc.oneof(
  { arbitrary: request.map((body) => ({ kind: "ask" as const, body })), weight: 12 },
  {
    arbitrary: fc
      .constantFrom("answer", "answer", "drop", "wait", "stick", "flow", "break", "mend")
      .map((kind) => ({ kind })),
    weight: 3,
  },
);

class Crowd {
  readonly world = new MemoryWorld();
  readonly #links: MemoryLink[] = [];
  readonly #asked: { readonly link: MemoryLink; readonly id: string }[] = [];

  async arrive(): Promise<void> {
    for (const who of ["ann", "ben"])
      this.#links.push(await this.world.join(who, { acks: true, port: 1, outcomes: true }));
    this.#links.push(this.world.connect("10.0.0.1"));
  }

  async step(at: number, each: { readonly kind: string; readonly body?: object }): Promise<void> {
    const index = at % this.#links.length;
    const link = this.#links[index];
    if (!link) return;
    if (each.kind === "ask") this.#ask(link, each.body ?? {});
    else if (each.kind === "answer") for (const { id } of link.lines.filter(isPush)) link.request({ id, result: "ok" });
    else if (each.kind === "drop") this.#reconnect(index, link);
    else if (each.kind === "wait") await this.world.advance(3_000);
    else if (each.kind === "stick" || each.kind === "flow") link.stuck = each.kind === "stick";
    else this.world.disk.works = each.kind === "mend";
    if (at % 3 === 0) await this.world.settle();
  }

  async finish(): Promise<void> {
    this.world.disk.works = true;
    for (const link of this.#links) link.stuck = false;
    await this.world.settle();
    await this.world.advance(31_000);
    for (const { link, id } of this.#asked) {
      const answers = link.lines.filter((line) => line["type"] === undefined && line["id"] === id);
      if (!link.closed || answers.length > 0) assert.equal(answers.length, 1, `${id} has one answer`);
      assert.notEqual(answers[0]?.["code"], "internal");
    }
  }

  #ask(link: MemoryLink, body: object): void {
    const id = `r${this.#asked.length}`;
    this.#asked.push({ link, id });
    // Without what is undefined, as it would come.
    link.request(JSON.parse(JSON.stringify({ ...body, id })) as object);
  }

  #reconnect(index: number, link: MemoryLink): void {
    link.drop();
    const again = this.world.connect();
    again.request({ type: "auth", username: index === 0 ? "ann" : "ben", password: "pw", acks: true, id: "auth" });
    this.#links[index] = again;
  }
}

const isPush = ({ type }: Readonly<Record<string, unknown>>) => type !== undefined;

describe("any request at all", () => {
  it("has one answer that is not internal, and breaks nothing [P-2.3]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(30), step), { maxLength: 60, size: "max" }), async (steps) => {
        const crowd = new Crowd();
        await crowd.arrive();
        for (const [at, each] of steps) await crowd.step(at, each);
        await crowd.finish();
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);
});
