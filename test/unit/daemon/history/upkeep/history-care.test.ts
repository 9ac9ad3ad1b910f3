// What is seen to behind the back of the daemon's own thread, with real threads on a real file and a clock moved by hand.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLog } from "../../../../../base/log.ts";
import { openDatabase } from "../../../../../base/sqlite.ts";
import type { CoreEvent } from "../../../../../daemon/core/inputs.ts";
import { HistoryCare } from "../../../../../daemon/history/upkeep/history-care.ts";
import type { OpenedHistory } from "../../../../../daemon/history/open/open-history-file.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { Pulse } from "../../../../../daemon/lifetime/pulse.ts";
import type { Engine } from "../../../../../daemon/engine/engine.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { openIn } from "../../opener.ts";
import { contact, received } from "../../stored.ts";
import { add } from "../writes.ts";

const script = fileURLToPath(new URL("../../../../../daemon/main.ts", import.meta.url));
const account = { user: "Me", server: "s:1" };
const dayMs = 24 * 3_600_000;

describe("the care of an open history", () => {
  let home: string;
  let clock: FakeClock;
  let care: HistoryCare;
  let opened: OpenedHistory;
  let days: number | undefined;
  let importUnderWay: string | undefined;
  /** Settles with the next thing that it says. */
  let said: Promise<CoreEvent | "damaged">;
  let say: (what: CoreEvent | "damaged") => void;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    clock = new FakeClock();
    days = importUnderWay = undefined;
    ({ promise: said, resolve: say } = Promise.withResolvers<CoreEvent | "damaged">());
    care = new HistoryCare({
      ...{ script, clock, pulse: new Pulse(clock), log: createLog("error", clock, () => undefined) },
      engine: { dispatch: (occurrence) => say(occurrence) } as Pick<Engine, "dispatch"> as Engine,
      keptDays: () => days,
      importUnderWay: () => importUnderWay,
      onDamaged: () => say("damaged"),
    });
    opened = await openIn(home, account);
  });
  afterEach(async () => {
    await care.closing();
    opened.history.dispose();
    rmSync(home, { recursive: true });
  });

  /** Destroys an index, which nobody notices who does not look. */
  async function damage(clean: boolean): Promise<void> {
    opened.history.commit([contact("user:bob"), add(received(1))]);
    opened.history.dispose();
    const { path } = opened.file;
    const database = openDatabase(path, historyMigrations);
    const { page } =
      database.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'message_mid'").get() ?? {};
    database.exec(`UPDATE upkeep SET clean = ${Number(clean)}, checked_at_ms = ${clock.nowMs()}`);
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0x7f, Number(page) * 4_096 - 200, Number(page) * 4_096);
    writeFileSync(path, bytes);
    opened = await openIn(home, account);
    assert.equal(opened.setAside, undefined, "opening does not read everything");
  }

  it("reads the file as a whole after it was not closed well, and says what it finds", async () => {
    await damage(false);
    care.opened(opened);
    clock.advance(2_000);
    assert.equal(await said, "damaged");
  });

  it("reads it as a whole once a week, also while it stays open", async () => {
    await damage(true);
    care.opened(opened);
    for (let day = 0; day < 8; day += 1) clock.advance(dayMs);
    assert.equal(await said, "damaged");
  });

  it("goes on with a deletion, and says when it is done", async () => {
    writeFileSync(`${opened.file.path}.v3-backup`, "");
    opened.history.commit([contact("user:bob"), add(received(1))]);
    opened.history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 1 }]);
    care.opened(opened);
    clock.advance(2_000);
    assert.deepEqual(await said, { kind: "purged", conversation: "user:bob" });
    assert.deepEqual(opened.history.load().contacts, []);
    assert.equal(existsSync(`${opened.file.path}.v3-backup`), false, "of what was deleted no copy stays");
  });

  it("takes no copies away where nothing was deleted by the person", async () => {
    const database = openDatabase(opened.file.path, historyMigrations);
    database.exec("UPDATE upkeep SET index_unmerged = 1");
    database.close();
    await damage(false);
    assert.deepEqual(opened.history.work, { deletions: false, purges: true, index: false });
    const copy = `${opened.file.path}.v3-backup`;
    writeFileSync(copy, "");
    utimesSync(copy, 1_000, 1_000);
    care.opened(opened);
    clock.advance(2_000);
    // The check comes behind it.
    await said;
    assert.equal(existsSync(copy), true);
  });

  it("deletes at once when it is asked to, with the copies of before an update, and names what may be left", async () => {
    const { folder, path } = opened.file;
    writeFileSync(`${path}.v3-backup`, "");
    const aside = "history.db.corrupt-2026-01-01T00-00-00-000Z";
    for (const name of [aside, `${aside}-wal`, `${aside}-shm`, `${aside}.of-me-0123`])
      writeFileSync(join(folder, name), "");
    const unmerged = join(home, "accounts", "unmerged");
    mkdirSync(unmerged);
    for (const name of ["history.db", "history.db.v3-backup", "peers.json"]) writeFileSync(join(unmerged, name), "");
    opened = { ...opened, unmerged: [{ folder: unmerged, why: "damaged" }] };
    opened.history.commit([contact("user:bob"), add(received(1))]);
    opened.history.commit([{ kind: "purge", conversation: "user:bob", throughSeq: 1 }]);
    care.opened(opened);
    assert.deepEqual(await care.purge(), [
      ...[aside, `${aside}-wal`, `${aside}.of-me-0123`].map((name) => join(folder, name)),
      ...["history.db", "history.db.v3-backup"].map((name) => join(unmerged, name)),
    ]);
    assert.equal(existsSync(`${path}.v3-backup`), false);
  });

  it("removes what an interrupted import has left, and nothing of the one that is under way", async () => {
    const { folder } = opened.file;
    importUnderWay = join(folder, "import-now.db");
    for (const name of ["import-now.db", "import-now.db-wal", "import-then.db", "import-then.db-wal"])
      writeFileSync(join(folder, name), "");
    await damage(false);
    care.opened(opened);
    clock.advance(2_000);
    // The check comes behind it.
    await said;
    const left = readdirSync(folder).filter((name) => name.startsWith("import-"));
    assert.deepEqual(left, ["import-now.db", "import-now.db-wal"]);
  });

  it("takes out what is older than the person wants to keep, when they say so and from then on", async () => {
    const copy = `${opened.file.path}.v3-backup`;
    writeFileSync(copy, "");
    utimesSync(copy, 410 * 24 * 3_600, 410 * 24 * 3_600);
    const old = received(1, { sentAtMs: 0 });
    const young = received(2, { sentAtMs: 400 * dayMs });
    opened.history.commit([contact("user:bob"), ...[old, young].map(add)]);
    for (let day = 0; day < 410; day += 1) clock.advance(dayMs);
    care.opened(opened);
    days = 30;
    care.retentionChanged();
    clock.advance(0);
    assert.deepEqual(await said, { kind: "trimmed", conversations: ["user:bob"] });
    assert.equal(existsSync(copy), true, "it goes by itself");
    assert.deepEqual(
      opened.history.page("user:bob", undefined, 9).messages.map(({ seq }) => seq),
      [2],
    );
  });
});
