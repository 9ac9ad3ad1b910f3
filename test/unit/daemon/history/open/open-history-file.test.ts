import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CorruptDatabase, openDatabase } from "../../../../../base/sqlite.ts";
import type { Write } from "../../../../../daemon/core/effects.ts";
import type { HistoryFile } from "../../../../../daemon/history/open/history-file.ts";
import { History } from "../../../../../daemon/history/history.ts";
import { beginWithUnsent } from "../../../../../daemon/history/open/salvage.ts";
import { historyMigrations } from "../../../../../daemon/history/schema.ts";
import { isDamage, isPassing, storageTrouble } from "../../../../../daemon/history/open/storage-errors.ts";
import type { ChatMessage } from "../../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../../protocol/conversations/conversation-id.ts";
import { openIn } from "../../opener.ts";
import { contact, received } from "../../stored.ts";
import { keyOfName } from "../../../../../protocol/names.ts";
import { add } from "../writes.ts";

const account = { user: "Ålice/../x", server: "127.0.0.1:8765" };

describe("opening a history", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "home-"))));
  afterEach(() => rmSync(home, { recursive: true }));

  const files = (): string[] => readdirSync(home, { recursive: true, encoding: "utf8" });

  it("has one database for each account, inside the home whatever the name is", async () => {
    for (const each of [account, { ...account, user: "bob" }, { ...account, server: "other:1" }]) {
      (await openIn(home, each)).history.dispose();
    }
    const databases = files().filter((name) => name.endsWith("history.db"));
    assert.equal(databases.length, 3);
    for (const name of databases) assert.match(name, /^accounts\/[a-z0-9_-]+\/history\.db$/);
  });

  it("is the same one for every spelling of the name [P-3.1]", async () => {
    (await openIn(home, { ...account, user: "Bob" })).history.dispose();
    (await openIn(home, { ...account, user: "bOB" })).history.dispose();
    assert.equal(files().filter((name) => name.endsWith("history.db")).length, 1);
  });

  it("sets a damaged file aside, says where, and begins a new one", async () => {
    (await openIn(home, account)).history.dispose();
    const path = join(home, files().find((name) => name.endsWith("history.db")) ?? "");
    writeFileSync(path, "this is no database, and longer than a header would be".repeat(100));
    const opened = await openIn(home, account, undefined, { nowMs: Date.UTC(2026, 0, 2) });
    assert.deepEqual(opened.history.load(), { contacts: [], outbox: [] });
    assert.match(opened.setAside?.path ?? "", /\.corrupt-2026-01-02/);
    assert.match(readFileSync(opened.setAside?.path ?? "", "utf8"), /^this is no database/);
    opened.history.dispose();
  });

  it("takes over what was not sent yet from a damaged file, and what of it can be read only", async () => {
    const { history, file } = await openIn(home, account);
    const own = (seq: number, conversation: ConversationId = "user:bob"): ChatMessage =>
      received(seq, { conversation, mid: `${conversation}${seq}`, from: "Ålice", own: true, state: "sending" });
    const out = (seq: number, conversation: ConversationId = "user:bob"): Write[] => [
      add({ ...own(seq, conversation), ...(seq === 8 && { quote: { mid: "b1", text: "" } }) }),
      { kind: "outbox", conversation, mid: `${conversation}${seq}`, present: true },
    ];
    history.commit([contact("user:bob", { name: "Bob" }), contact("everyone")]);
    history.commit([7, 8, 9].flatMap((seq) => out(seq)));
    history.commit(out(1, "everyone"));
    history.dispose();
    const database = openDatabase(file.path, historyMigrations);
    database.exec("PRAGMA foreign_keys = OFF");
    database.exec("DELETE FROM event WHERE seq = 9; UPDATE event SET seq = 7 WHERE seq = 99");
    database.close();
    const again = await openIn(home, account, undefined, { damaged: true });
    assert.equal(again.setAside?.unsent, 3);
    assert.deepEqual(again.loaded.outbox, [
      { conversation: "user:bob", seq: 1, mid: "user:bob7" },
      { conversation: "user:bob", seq: 2, mid: "user:bob8" },
      { conversation: "everyone", seq: 1, mid: "everyone1" },
    ]);
    assert.equal(again.loaded.contacts.find(({ conversation }) => conversation === "user:bob")?.name, "Bob");
    assert.equal(again.history.message("user:bob", 2)?.quote?.mid, "b1");
    assert.equal(again.history.page("user:bob", undefined, 9).messages[0]?.text, "text 7");
    again.history.dispose();
  });

  it("takes over what was not sent yet from a file that was damaged before an update of its tables", async () => {
    const { history, file } = await openIn(home, account);
    history.dispose();
    rmSync(file.path);
    const before = openDatabase(file.path, historyMigrations.slice(0, 5));
    before.exec(`
      INSERT INTO conversation VALUES ('user:bob', 'Bob', 0, 0, 0, 0);
      INSERT INTO message (conversation, seq, sender, mid, author, own, text, sent_at_ms, state, answers) VALUES
        ('user:bob', 1, 'ålice', 'm1', 'Ålice', 1, 'text 1', 1, 'sending', 'b1');
      INSERT INTO act (sender, mid, author, conversation, kind, target, emoji, sent_at_ms, state) VALUES
        ('ålice', 'a1', 'Ålice', 'user:bob', 'react', 'b1', '👍', 1, 'sending');
      INSERT INTO outbox (conversation, seq, mid) VALUES ('user:bob', 1, 'm1'), ('user:bob', NULL, 'a1');
    `);
    before.close();
    const target = join(file.folder, "new.db");
    beginWithUnsent(file.path, { ...file, path: target });
    const begun = new History(openDatabase(target, historyMigrations), keyOfName("Ålice"));
    assert.deepEqual(begun.load().outbox, [{ conversation: "user:bob", seq: 1, mid: "m1" }]);
    const { kind, target: quoted, body } = begun.ownEvent("m1") ?? {};
    assert.deepEqual({ kind, quoted, body }, { kind: "reply", quoted: "b1", body: "text 1" });
    begun.dispose();
  });

  describe("that is damaged", () => {
    let file: HistoryFile;
    const nowMs = Date.UTC(2026, 0, 2);
    const names = (): string[] => readdirSync(file.folder).filter((name) => name.startsWith("history.db"));
    const put = (path: string): void => {
      mkdirSync(join(path, "x"), { recursive: true });
    };

    /** One message waits to be sent. */
    beforeEach(async () => {
      const { history, file: made } = await openIn(home, account);
      file = made;
      history.commit([
        contact("user:bob"),
        add(received(7, { from: "Ålice", own: true, state: "sending", mid: "m7" })),
        { kind: "outbox", conversation: "user:bob", mid: "m7", present: true },
      ]);
      history.dispose();
    });

    async function assertReplaced(damaged: boolean): Promise<void> {
      const opened = await openIn(home, account, undefined, { nowMs, damaged });
      assert.equal(opened.setAside?.unsent, 1);
      assert.equal(existsSync(opened.setAside.path), true);
      assert.equal(opened.history.page("user:bob", undefined, 9).messages[0]?.text, "text 7");
      opened.history.dispose();
      assert.deepEqual(names().sort(), ["history.db", basename(opened.setAside.path)].sort());
    }

    it("stays where it is if the new one cannot be made, and is replaced the next time", async () => {
      const before = readFileSync(file.path);
      // What stands in its place cannot be written, as nothing can on a full disk.
      put(`${file.path}.new`);
      for (let time = 0; time < 2; time += 1) {
        await assert.rejects(openIn(home, account, undefined, { nowMs, damaged: true }));
        assert.deepEqual(names().sort(), ["history.db", "history.db.new"]);
        assert.equal(readFileSync(file.path).equals(before), true);
      }
      rmSync(`${file.path}.new`, { recursive: true });
      await assertReplaced(true);
    });

    it("is replaced at the next opening, and that is said, if the process ends between", async () => {
      for (const damaged of [false, true]) {
        beginWithUnsent(file.path, { ...file, path: `${file.path}.new` });
        renameSync(file.path, `${file.path}.corrupt-2026-01-0${damaged ? 3 : 2}T00-00-00-000Z`);
        writeFileSync(`${file.path}-wal`, "the log of the damaged one");
        const opened = await openIn(home, account, undefined, { nowMs, damaged });
        assert.match(opened.setAside?.path ?? "", damaged ? /01-03/ : /01-02/);
        assert.equal(opened.setAside?.unsent, 1);
        opened.history.dispose();
        assert.equal(readFileSync(`${opened.setAside.path}-wal`, "utf8"), "the log of the damaged one");
        assert.equal(existsSync(`${file.path}.new`), false);
      }
    });

    it("is as it was if the process ends while the new one is made", async () => {
      writeFileSync(`${file.path}.new`, "half of it");
      const opened = await openIn(home, account);
      assert.deepEqual([opened.setAside, opened.loaded.outbox.length], [undefined, 1]);
      opened.history.dispose();
      assert.deepEqual(names(), ["history.db"]);
      await assertReplaced(true);
    });

    it("is read as a whole the next time also if it was closed well", async () => {
      const opened = await openIn(home, account);
      opened.history.distrust();
      opened.history.dispose();
      const again = await openIn(home, account);
      assert.equal(again.found.clean, false);
      again.history.dispose();
    });
  });

  it("is damaged also where the first rows that are needed cannot be read", async () => {
    const { history, file } = await openIn(home, account);
    history.commit([contact("user:bob")]);
    history.dispose();
    const database = openDatabase(file.path, historyMigrations);
    const { page } =
      database.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'conversation'").get() ?? {};
    database.close();
    const bytes = readFileSync(file.path);
    bytes.fill(0x7f, (Number(page) - 1) * 4_096, Number(page) * 4_096);
    writeFileSync(file.path, bytes);
    const again = await openIn(home, account);
    assert.notEqual(again.setAside, undefined);
    again.history.dispose();
  });

  it("counts as not closed well until it is closed", async () => {
    const first = await openIn(home, account);
    assert.equal(first.found.clean, true);
    const copy = `${first.file.path}.copy`;
    copyFileSync(first.file.path, copy);
    copyFileSync(`${first.file.path}-wal`, `${copy}-wal`);
    first.history.dispose();
    const closed = await openIn(home, account);
    assert.equal(closed.found.clean, true);
    closed.history.dispose();
    copyFileSync(copy, first.file.path);
    copyFileSync(`${copy}-wal`, `${first.file.path}-wal`);
    const crashed = await openIn(home, account);
    assert.equal(crashed.found.clean, false);
    crashed.history.dispose();
  });
});

describe("what a storage failure is told as", () => {
  const sqlite = (errcode: number) => Object.assign(new Error("database or disk is full"), { errcode });

  it("is the full disk where it is one", () => {
    assert.match(storageTrouble(sqlite(13)), /disk of this machine is full/);
    assert.match(storageTrouble(Object.assign(new Error("no space"), { code: "ENOSPC" })), /full/);
    assert.match(storageTrouble(new Error("odd")), /odd/);
  });

  it("is the sentence that says what to do where there is one, and nothing around it", () => {
    const sentence = "/home/me/history.db has schema version 9, this program knows up to 2. Use a newer version of it.";
    assert.equal(storageTrouble(new Error(sentence)), sentence);
    assert.match(storageTrouble(new Error("disk I/O error")), /cannot be used now: disk I\/O error\. Try again/);
  });

  it("is passing where the machine is the reason", () => {
    for (const [code, is] of [
      [5, true],
      [13, true],
      [14, true],
      [4_874, true],
      [10, false],
      [266, false],
      [11, false],
      [26, false],
      [1, false],
    ] as const)
      assert.equal(isPassing(sqlite(code)), is, String(code));
    assert.equal(isPassing(new Error("odd")), false);
    assert.equal(isDamage(new CorruptDatabase("x", "y")), true);
  });

  it("is damage only where the file is damaged", () => {
    assert.equal(isDamage(sqlite(11)), true);
    assert.equal(isDamage(sqlite(267)), true);
    assert.equal(isDamage(sqlite(13)), false);
  });
});
