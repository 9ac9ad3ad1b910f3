import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDamage, storageTrouble } from "../../../../daemon/history/trouble.ts";
import { openIn } from "../opener.ts";

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

  it("is damage only where the file is damaged", () => {
    assert.equal(isDamage(sqlite(11)), true);
    assert.equal(isDamage(sqlite(267)), true);
    assert.equal(isDamage(sqlite(13)), false);
  });
});
