import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../../../base/log.ts";
import { openDatabase } from "../../../../base/sqlite.ts";
import { keyOfName } from "../../../../protocol/names.ts";
import type { Effect, Write } from "../../../../daemon/core/effects.ts";
import { History } from "../../../../daemon/history/history.ts";
import { historyMigrations } from "../../../../daemon/history/schema.ts";
import { Engine } from "../../../../daemon/engine/engine.ts";
import type { EffectHandlers } from "../../../../daemon/engine/engine.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const account = { user: "Me", server: "s:1" };

/** A history whose nth write, counted from when it is armed, fails as a full disk does. */
class FailingHistory extends History {
  failAt = Infinity;
  commits = 0;

  override commit(writes: readonly Write[]): void {
    this.commits += 1;
    const failing = writes.map((write) => {
      this.failAt -= 1;
      // A row that no table takes: the transaction fails in its middle.
      return this.failAt === 0 ? ({ ...write, kind: "contact", conversation: null } as unknown as Write) : write;
    });
    super.commit(failing);
  }
}

describe("the runner", () => {
  let history: FailingHistory;
  let engine: Engine;
  let clock: FakeClock;
  let effects: Effect[];
  let failures: unknown[];
  let acknowledged: string[];

  beforeEach(() => {
    effects = [];
    failures = [];
    acknowledged = [];
    clock = new FakeClock();
    const kinds = ["transmit", "signalRead", "lookUp", "sessionChanged", "contactsChanged", "messagesChanged", "tell"];
    const note = (effect: Effect): number => effects.push(effect);
    const performers = Object.fromEntries(kinds.map((kind) => [kind, note])) as unknown as EffectHandlers;
    const onStepFailure = (error: unknown): number => failures.push(error);
    const log = createLog("error", clock, () => undefined);
    engine = new Engine({ clock, random: () => 0.5, log, performers, onStepFailure });
    history = new FailingHistory(openDatabase(":memory:", historyMigrations), keyOfName("Me"));
    engine.open(account, history);
    engine.execute({ kind: "session", session: { state: "connected", account } });
    history.commits = 0;
    effects = [];
  });
  afterEach(() => history.dispose());

  const push = (mid: string): void => {
    engine.receive({ from: "bob", msg: mid, mid }, () => acknowledged.push(mid));
  };
  const stored = (): string[] => history.page("user:bob", undefined, 100).messages.map(({ mid }) => mid);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("stores the pushes of one turn in one transaction and acknowledges them after it [P-5.1]", async () => {
    push("one");
    push("two");
    assert.deepEqual(acknowledged, []);
    await turn();
    assert.equal(history.commits, 1);
    assert.deepEqual(stored(), ["one", "two"]);
    assert.deepEqual(acknowledged, ["one", "two"]);
  });

  it("does a command after what came before it", () => {
    push("one");
    const outcome = engine.execute({ kind: "markRead", conversation: "user:bob", upTo: 1 });
    assert.equal(outcome.ok, true);
    assert.equal(engine.state.contacts.get("user:bob")?.unread, 0);
  });

  for (const nth of [1, 2, 3, 4]) {
    it(`acknowledges and shows nothing of a step whose write ${nth} fails [P-5.1]`, () => {
      const before = engine.state;
      history.failAt = nth;
      push("one");
      push("two");
      engine.flush();
      assert.equal(failures.length, 1);
      assert.deepEqual(acknowledged, []);
      assert.deepEqual(effects, []);
      assert.equal(engine.state, before);
      assert.deepEqual(stored(), []);
      push("one");
      push("two");
      engine.flush();
      assert.deepEqual(stored(), ["one", "two"]);
      assert.deepEqual(acknowledged, ["one", "two"]);
    });
  }

  for (const nth of [1, 2, 3]) {
    it(`refuses to send when write ${nth} fails, and goes on`, () => {
      history.failAt = nth;
      const send = { kind: "send", conversation: "user:bob", text: "hi", mid: "m1" } as const;
      const refused = engine.execute(send);
      assert.equal(refused.ok ? "ok" : refused.code, "unavailable");
      assert.deepEqual(effects, []);
      assert.deepEqual(stored(), []);
      assert.equal(engine.execute(send).ok, true);
      assert.deepEqual(stored(), ["m1"]);
    });
  }

  it("refuses with a sentence when the disk is full, keeps what it has, and goes on when there is room again", () => {
    const database = openDatabase(":memory:", historyMigrations);
    const full = new History(database, keyOfName("Me"));
    engine.open(account, full);
    const pages = (count: number): void => database.exec(`PRAGMA max_page_count = ${count}`);
    const send = (mid: string) => {
      return engine.execute({ kind: "send", conversation: "user:bob", text: "x".repeat(50_000), mid });
    };
    assert.equal(send("m1").ok, true);
    pages(1);
    const refused = send("m2");
    assert.match(refused.ok ? "" : refused.reason, /disk of this machine is full/);
    assert.equal(failures.length, 1);
    pages(1_000_000);
    assert.equal(send("m3").ok, true);
    const kept = full.page("user:bob", undefined, 10).messages.map(({ mid }) => mid);
    assert.deepEqual(kept, ["m1", "m3"]);
    full.dispose();
  });

  it("wakes a postponed message when its time has come", () => {
    engine.execute({ kind: "send", conversation: "user:bob", text: "hi", mid: "m1" });
    const outcome = { ok: false, code: "mailbox_full", reason: "full" } as const;
    engine.execute({ kind: "answered", conversation: "user:bob", mid: "m1", outcome });
    effects = [];
    clock.advance(60_000);
    engine.flush();
    assert.deepEqual(
      effects.map(({ kind }) => kind),
      ["transmit"],
    );
  });

  it("keeps what waits while the history is closed, and sends it once it is open again", () => {
    const send = { kind: "send", conversation: "user:bob", text: "hi", mid: "m1" } as const;
    const folder = mkdtempSync(join(tmpdir(), "engine-"));
    const open = () => new History(openDatabase(join(folder, "h.db"), historyMigrations), keyOfName("Me"));
    engine.open(account, open());
    engine.execute(send);
    const outcome = { ok: false, code: "mailbox_full", reason: "full" } as const;
    engine.execute({ kind: "answered", conversation: "user:bob", mid: "m1", outcome });
    engine.closeHistory();
    effects = [];
    clock.advance(60_000);
    engine.flush();
    const sent = () => effects.flatMap((effect) => (effect.kind === "transmit" ? [effect.mid] : []));
    assert.deepEqual([sent(), engine.state.outbox.size], [[], 1]);
    engine.open(account, open());
    clock.advance(60_000);
    engine.flush();
    assert.deepEqual([sent(), engine.state.outbox.size], [["m1"], 1]);
    engine.closeHistory();
    rmSync(folder, { recursive: true });
  });

  it("leaves a history whose last draft cannot be stored", () => {
    const database = openDatabase(":memory:", historyMigrations);
    const full = new History(database, keyOfName("Me"));
    engine.open(account, full);
    full.drafts.set("user:bob", "x".repeat(50_000));
    database.exec("PRAGMA max_page_count = 1");
    engine.closeHistory();
    assert.equal(full.isOpen, false);
  });
});
