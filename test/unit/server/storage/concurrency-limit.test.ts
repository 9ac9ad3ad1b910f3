import assert from "node:assert/strict";
import type { PasswordTurn } from "../../../../server/core/ports.ts";
import { turnLimits } from "../../../../server/storage/passwords.ts";
import { ConcurrencyLimit } from "../../../../server/storage/concurrency-limit.ts";
import type { TurnLimits } from "../../../../server/storage/concurrency-limit.ts";

type Kind = PasswordTurn["kind"];

/** Work that ends when the test says so. */
class Desk {
  readonly turns: ConcurrencyLimit;
  /** What has begun, in that order. */
  readonly begun: string[] = [];
  /** What was sent away. */
  readonly sent: string[] = [];
  readonly #running: (() => void)[] = [];

  constructor(limits: Partial<TurnLimits> = {}) {
    this.turns = new ConcurrencyLimit({ ...turnLimits, running: 1, ...limits });
  }

  ask(name: string, kind: Kind, group: string, gone?: () => boolean): void {
    const turn = { kind, group, ...(gone && { gone }) };
    const work = async (): Promise<string> => {
      this.begun.push(name);
      await new Promise<void>((resolve) => this.#running.push(resolve));
      return name;
    };
    void this.turns.take(turn, work).then((done) => {
      if (done === undefined) this.sent.push(name);
    });
  }

  /** Ends what runs, and what follows it, until nothing does. */
  async finish(): Promise<void> {
    await settled();
    while (this.#running.length > 0) {
      this.#running.shift()?.();
      await settled();
    }
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("turns of password work", () => {
  it("run so many at once, and the rest behind them in order [P-8.7]", async () => {
    const app = new Desk({ running: 2 });
    for (const name of ["a", "b", "c", "d"]) app.ask(name, "known", "g");
    await settled();
    assert.deepEqual(app.begun, ["a", "b"]);
    await app.finish();
    assert.deepEqual(app.begun, ["a", "b", "c", "d"]);
  });

  it("go round the address groups, so that nobody waits behind the many of another [P-8.7]", async () => {
    const app = new Desk();
    app.ask("first", "known", "x");
    for (let index = 0; index < 100; index += 1) app.ask(`many${index}`, "known", "x");
    for (const name of ["one", "two"]) app.ask(name, "known", "y");
    app.ask("other", "known", "z");
    await app.finish();
    assert.deepEqual(app.begun.slice(0, 7), ["first", "many0", "one", "other", "many1", "two", "many2"]);
  });

  it("are known people's first, then strangers', then new accounts', and of eight each kind has one [P-8.7]", async () => {
    const app = new Desk();
    app.ask("first", "known", "x");
    for (let index = 0; index < 40; index += 1) {
      for (const kind of ["new", "unknown", "known"] as const) app.ask(kind, kind, `${kind}${index % 4}`);
    }
    await app.finish();
    for (let round = 0; round < 5; round += 1) {
      const eight = app.begun.slice(1 + 8 * round, 9 + 8 * round);
      assert.equal(eight.filter((each) => each === "known").length, 6);
      assert.ok(eight.includes("unknown") && eight.includes("new"));
    }
    const rest = app.begun.slice(app.begun.lastIndexOf("known") + 1);
    assert.equal(rest.slice(0, 24).filter((each) => each === "unknown").length, 21);
    assert.equal(app.begun.length, 121);
  });

  it("wait for a whole company behind one address, whether or not it is known there [P-8.7]", async () => {
    for (const kind of ["known", "unknown"] as const) {
      const app = new Desk();
      for (let person = 0; person < 300; person += 1) app.ask(`p${person}`, kind, "office");
      await app.finish();
      assert.deepEqual([app.begun.length, app.sent], [300, []]);
    }
  });

  it("are bounded for one address, new accounts the most [P-8.7]", async () => {
    for (const [kind, waiting] of Object.entries(turnLimits.waitingOfGroup)) {
      const app = new Desk();
      for (let index = 0; index < 1_000; index += 1) app.ask(`n${index}`, kind as Kind, "g");
      await app.finish();
      assert.equal(app.begun.length, 1 + waiting, kind);
    }
  });

  it("are taken from whoever waits with the most, once all places are taken [P-8.7]", async () => {
    const app = new Desk();
    for (let index = 0; index < 2_000; index += 1) app.ask(`flood${index}`, "unknown", `flood${index % 4}`);
    for (let person = 0; person < 300; person += 1) app.ask(`p${person}`, "known", "office");
    for (let person = 0; person < 20; person += 1) app.ask(`q${person}`, "unknown", `home${person}`);
    await app.finish();
    assert.deepEqual(
      app.sent.filter((name) => !name.startsWith("flood")),
      [],
    );
    assert.equal(app.begun.length, 1 + turnLimits.waiting);
  });

  it("are refused where everybody waits with as little, and then nobody is sent away for it [P-8.7]", async () => {
    const app = new Desk();
    app.ask("first", "known", "x");
    for (let index = 0; index < turnLimits.waiting; index += 1) app.ask(`p${index}`, "known", `home${index}`);
    app.ask("late", "known", "late");
    await app.finish();
    assert.deepEqual(app.sent, ["late"]);
  });

  it("are not given to those who left while they waited [P-8.7]", async () => {
    const app = new Desk();
    let left = false;
    app.ask("first", "known", "x");
    for (const name of ["a", "b", "c"]) app.ask(name, "known", "x", () => left && name !== "c");
    left = true;
    await app.finish();
    assert.deepEqual(
      [app.begun, app.sent],
      [
        ["first", "c"],
        ["a", "b"],
      ],
    );
    app.ask("next", "known", "x");
    await settled();
    assert.equal(app.begun.at(-1), "next");
  });

  it("go on when work fails", async () => {
    const turns = new ConcurrencyLimit({ ...turnLimits, running: 1 });
    const turn = { kind: "known", group: "g" } as const;
    const failing = turns.take(turn, () => Promise.reject(new Error("no")));
    const next = turns.take(turn, () => Promise.resolve("done"));
    await assert.rejects(failing, /no/);
    assert.equal(await next, "done");
  });
});
