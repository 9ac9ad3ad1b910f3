// An import from its first line to its last, into a real history by real threads.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AccountSession } from "../../../../../daemon/account/account-session.ts";
import type { OpenedHistory } from "../../../../../daemon/history/open/open-history-file.ts";
import { firstLine } from "../../../../../daemon/history/import/import-stage.ts";
import { createAside } from "../../../../../daemon/history/thread/aside.ts";
import { HistoryThread } from "../../../../../daemon/history/thread/history-thread.ts";
import { Imports } from "../../../../../daemon/history/import/imports.ts";
import type { Engine } from "../../../../../daemon/engine/engine.ts";
import type { Failure } from "../../../../../protocol/errors.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { openIn } from "../../opener.ts";

const script = fileURLToPath(new URL("../../../../../daemon/main.ts", import.meta.url));
const account = { user: "Me", server: "s:1" };
const at = "2026-01-01T00:00:00.000Z";
const header = JSON.stringify({ format: "chat-room-history", version: 1, account, exportedAt: at });
const message = (mid: string): string =>
  JSON.stringify({ event: "message", conversation: "user:bob", from: "Bob", mid, at, text: mid });
const end = (messages: number): string => JSON.stringify({ event: "end", messages, changes: 0 });

describe("an import", function () {
  this.timeout(20_000);
  let home: string;
  let opened: OpenedHistory;
  let imports: Imports;
  let clock: FakeClock;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    clock = new FakeClock();
    opened = await openIn(home, account);
    const keeper: Pick<AccountSession, "opened" | "rework"> = {
      opened: () => Promise.resolve(opened),
      rework: async <T>(
        work: (opened: OpenedHistory) => Promise<T>,
        refusal?: (opened: OpenedHistory) => Failure | undefined,
      ): Promise<T | Failure> => {
        const refused = refusal?.(opened);
        if (refused) return refused;
        opened.history.dispose();
        const done = await work(opened);
        opened = await openIn(home, account);
        return done;
      },
    };
    imports = new Imports({
      ...{ script, clock, aside: createAside(script, clock), keyOf: () => undefined },
      account: keeper as AccountSession,
      engine: { state: { me: { account } } } as unknown as Engine,
    });
  });
  afterEach(async () => {
    await imports.dispose();
    opened.history.dispose();
    rmSync(home, { recursive: true });
  });

  const stages = (): string[] => readdirSync(opened.file.folder).filter((name) => name.startsWith("import-"));
  const texts = (): string[] => opened.history.page("user:bob", undefined, 9).messages.map(({ text }) => text);

  async function begun(): Promise<string> {
    const started = await imports.start(header, false);
    assert.ok(started.ok);
    return started.id;
  }

  function assertRefused(outcome: { readonly ok: true } | Failure, why: RegExp): void {
    assert.equal(outcome.ok, false);
    assert.match(outcome.reason, why);
    assert.deepEqual(texts(), []);
    assert.deepEqual(stages(), []);
    assert.equal(imports.path, undefined);
  }

  it("brings its messages in, and leaves no file behind", async () => {
    const id = await begun();
    for (const line of [message("a"), message("b"), end(2)])
      assert.deepEqual(await imports.add(id, [line]), { ok: true });
    assert.equal(existsSync(imports.path ?? ""), true);
    assert.deepEqual(await imports.end(id), { ok: true, messages: 2, acts: 0 });
    assert.deepEqual(texts(), ["a", "b"]);
    assert.deepEqual(stages(), []);
  });

  it("is refused without the end of the file, whoever sends it", async () => {
    for (const lines of [[], [message("a")]]) {
      const id = await begun();
      if (lines.length > 0) await imports.add(id, lines);
      assertRefused(await imports.end(id), /cut off.*Nothing was imported/);
    }
    const id = await begun();
    assertRefused(await imports.add(id, [message("a"), end(2)]), /^Line 3: .*lines are missing\. Nothing was imported/);
  });

  it("has failed, and is not empty, if what was read of it is gone", async () => {
    const id = await begun();
    await imports.add(id, [message("a"), end(1)]);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${imports.path ?? ""}${suffix}`);
    assertRefused(await imports.end(id), /not there any more\. Nothing was imported/);
  });

  it("is not gone on with by another thread than the one that began it", async () => {
    const owner = { user: "Me", inFile: "Me" };
    for (const isRemoved of [false, true]) {
      const path = join(home, `import-${String(isRemoved)}.db`);
      const threads = [1, 2].map(() => new HistoryThread({ script, path, clock }));
      const [first, second] = threads;
      await first?.run("stage", { lines: [message("a")], number: firstLine, owner });
      await first?.dispose();
      if (isRemoved) rmSync(path);
      const next = { lines: [message("b")], number: firstLine + 1, owner };
      for (const act of [() => second?.run("stage", next), () => second?.run("staged", {})])
        await assert.rejects(async () => await act(), /not there any more/);
      for (const each of threads) await each.dispose();
    }
  });

  it("comes into no other history than the one it was begun for", async () => {
    const id = await begun();
    await imports.add(id, [message("a"), end(1)]);
    const mine = opened;
    opened = await openIn(home, { ...account, user: "Other" });
    const outcome = await imports.end(id);
    assert.equal(outcome.ok, false);
    assert.match(outcome.reason, /Another account was signed in.*Nothing was imported.*Sign in as Me at s:1/);
    assert.deepEqual(texts(), []);
    opened.history.dispose();
    opened = mine;
    assert.deepEqual([texts(), stages()], [[], []]);
  });

  it("takes nothing more, and no second end, once it is ending", async () => {
    const id = await begun();
    await imports.add(id, [message("a"), end(1)]);
    const ended = imports.end(id);
    for (const late of [await imports.add(id, [message("b")]), await imports.end(id)]) assert.equal(late.ok, false);
    assert.deepEqual(await ended, { ok: true, messages: 1, acts: 0 });
    assert.deepEqual(texts(), ["a"]);
  });
});
