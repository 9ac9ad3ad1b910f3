import assert from "node:assert/strict";
import type { PasswordTurn } from "../../../../server/core/ports.ts";
import { Turns } from "../../../../server/storage/turns.ts";

describe("turns [P-8.7]", () => {
  let turns: Turns;
  let order: string[];
  let ends: (() => void)[];

  beforeEach(() => {
    turns = new Turns({ running: 1, waiting: { known: 4, unknown: 2, new: 2 } });
    order = [];
    ends = [];
  });

  /** A piece of work that lasts until `end`. */
  const take = (name: string, kind: PasswordTurn["kind"] = "known", group = "a") =>
    turns.take({ kind, group }, () => {
      order.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const runAll = async () => {
    await settled();
    for (let end = ends.shift(); end; end = ends.shift()) {
      end();
      await settled();
    }
  };

  it("are taken at once while few run, and in order after that", async () => {
    const all = ["1", "2", "3"].map((name) => take(name));
    await settled();
    assert.deepEqual(order, ["1"]);
    await runAll();
    assert.deepEqual(
      [await Promise.all(all), order],
      [
        ["1", "2", "3"],
        ["1", "2", "3"],
      ],
    );
  });

  it("go by kind: known accounts, unknown names, new accounts", async () => {
    const all = [take("first"), take("new", "new"), take("unknown", "unknown"), take("known")];
    await runAll();
    await Promise.all(all);
    assert.deepEqual(order, ["first", "known", "unknown", "new"]);
  });

  it("go by group: nobody waits behind the many of another", async () => {
    const all = [take("first"), take("a1"), take("a2"), take("a3"), take("b1", "known", "b")];
    await runAll();
    await Promise.all(all);
    assert.deepEqual(order, ["first", "a1", "b1", "a2", "a3"]);
  });

  it("are refused when too many wait, to whoever has most of them waiting", async () => {
    const all = [take("first"), take("a1"), take("a2"), take("a3"), take("a4"), take("a5"), take("b1", "known", "b")];
    await runAll();
    assert.deepEqual(await Promise.all(all), ["first", "a1", "a2", "a3", undefined, undefined, "b1"]);
    assert.deepEqual(order, ["first", "a1", "b1", "a2", "a3"]);
  });

  it("are refused to a newcomer where everybody has one", async () => {
    const all = [take("first"), ...["a", "b", "c", "d", "e"].map((group) => take(group, "known", group))];
    await runAll();
    assert.equal((await Promise.all(all)).at(-1), undefined);
  });

  it("go on after work that failed", async () => {
    const failing = turns.take({ kind: "new", group: "a" }, () => Promise.reject(new Error("no memory")));
    const next = take("next");
    await assert.rejects(failing, /no memory/);
    await runAll();
    assert.equal(await next, "next");
  });
});
