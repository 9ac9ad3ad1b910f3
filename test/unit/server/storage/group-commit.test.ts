import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Written } from "../../../../server/core/ports.ts";
import { GroupCommit } from "../../../../server/storage/group-commit.ts";

describe("commits of one turn", () => {
  let database: DatabaseSync;
  let commits: GroupCommit;
  let events: string[];

  beforeEach(() => {
    events = [];
    database = new DatabaseSync(":memory:");
    database.exec("CREATE TABLE entry (name TEXT NOT NULL UNIQUE)");
    const note = (event: string) => events.push(event);
    commits = new GroupCommit(database, { debug: note, info: note, warn: note, error: note });
  });
  afterEach(() => database.close());

  const names = () =>
    database
      .prepare("SELECT name FROM entry ORDER BY rowid")
      .all()
      .map((row) => row["name"]);
  const insert = (name: string) => () => void database.prepare("INSERT INTO entry VALUES (?)").run(name);

  function add(name: string): Promise<Written> {
    return new Promise((done) => commits.add({ run: insert(name), done }));
  }

  it("are one transaction, and nobody hears of it before its end", async () => {
    let heard = 0;
    const all = ["a", "b", "c"].map((name) =>
      add(name).then((written) => {
        heard += 1;
        assert.equal(database.isTransaction, false);
        return written;
      }),
    );
    assert.deepEqual([names(), heard], [[], 0]);
    assert.deepEqual(await Promise.all(all), ["written", "written", "written"]);
    assert.deepEqual(names(), ["a", "b", "c"]);
  });

  for (let failing = 0; failing < 4; failing += 1) {
    it(`fail together when write number ${failing + 1} of 4 fails, and leave nothing behind`, async () => {
      const bad = (at: number) => (at === failing ? "taken" : `n${at}`);
      await add("taken");
      const outcomes = await Promise.all([0, 1, 2, 3].map((at) => add(bad(at))));
      assert.deepEqual(outcomes, ["failed", "failed", "failed", "failed"]);
      assert.deepEqual(names(), ["taken"]);
      assert.equal(await add("next"), "written");
      assert.deepEqual(events, ["storage_failing", "storage_recovered"]);
    });
  }

  it("are tried again where nothing waits, so that it is known when the disk works", async () => {
    database.exec("PRAGMA query_only = on");
    assert.equal(await add("lost"), "failed");
    commits.retry();
    commits.flush();
    assert.equal(commits.failing, true);
    database.exec("PRAGMA query_only = off");
    commits.retry();
    commits.flush();
    assert.equal(commits.failing, false);
    assert.deepEqual([names(), events], [[], ["storage_failing", "storage_recovered"]]);
  });

  it("say how long they took to whoever wants to know", async () => {
    const took: number[] = [];
    let nowMs = 0;
    const clock = { nowMs: () => 0, monotonicMs: () => (nowMs += 7) };
    const ignore = () => undefined;
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const watched = new GroupCommit(database, log, { clock, committed: (ms) => took.push(ms) });
    await watched.write(insert("a"));
    assert.equal(await watched.write(insert("a")), "failed");
    assert.deepEqual(took, [7]);
  });

  it("tell what the statements came to", async () => {
    assert.deepEqual(await commits.write(() => 5), { value: 5 });
    await add("taken");
    assert.equal(await commits.write(insert("taken")), "failed");
  });

  it("keep what nobody waits for until it can be written, without holding up the rest", async () => {
    await add("taken");
    let done = 0;
    commits.addLazy({ run: insert("taken"), done: () => (done += 1) });
    assert.equal(await add("a"), "written");
    assert.equal(done, 0);
    database.exec("DELETE FROM entry WHERE name = 'taken'");
    commits.retry();
    commits.flush();
    assert.equal(done, 1);
    assert.deepEqual(names(), ["a", "taken"]);
  });

  it("reach everybody, also when one of them throws", async () => {
    commits.add({
      run: insert("a"),
      done: () => {
        throw new Error("a bug");
      },
    });
    assert.equal(await add("b"), "written");
    assert.deepEqual(events, ["commit_unheard"]);
  });
});
