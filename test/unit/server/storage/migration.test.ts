// Databases of version 4, and rows that other programs inserted by hand, as the server finds them at its start.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../../base/sqlite.ts";
import { skeletonOf } from "../../../../server/core/names/skeleton.ts";
import { databaseName, openServerDatabase } from "../../../../server/storage/engine/open.ts";
import { migrations } from "../../../../server/storage/schema.ts";
import { letterFrom, newAccount, TestStore } from "./test-store.ts";

const hashOf = (token: string) => createHash("sha256").update(token).digest("base64url");
const insertAccount = "INSERT INTO account (key,name,password,created_ms) VALUES (?,?,?,?)";
const insertToken = "INSERT INTO token VALUES (?,?,?,?,?,?,?,?)";
const insertLetter = "INSERT INTO letter (account,sender,mid,ts,msg,bytes,stored_ms) VALUES (?,?,?,?,?,?,?)";

describe("a database of version 4", () => {
  let test: TestStore;
  let old: DatabaseSync;

  beforeEach(async () => {
    test = new TestStore();
    await test.store.close(0);
    for (const name of readdirSync(test.folder)) rmSync(join(test.folder, name));
    old = openDatabase(test.path, migrations.slice(0, 4));
  });
  afterEach(() => test.dispose());

  const start = () => {
    old.close();
    test.start();
  };

  it("goes forward with all that is in it", async () => {
    for (const name of ["alice", "bob", "gone"]) old.prepare(insertAccount).run(name, name, `hash ${name}`, 5);
    old.exec("INSERT INTO block VALUES (1, 2)");
    old.prepare(insertToken).run(2, hashOf("bob's token"), "10.0.0.2", 7, "device", 1, 1, Date.now());
    const letter = old.prepare(insertLetter);
    letter.run(2, "alice", "m1", 11, "from alice", 10, Date.now());
    letter.run(2, "gone", "m1", 12, "from somebody who is gone", 25, 0);
    letter.run(2, "carol", "m1", 13, "é", 2, 0);
    letter.run(2, "alice", "m4", 14, "waits no more", 13, 0);
    old.exec("UPDATE letter SET ref_kind = 'edit', ref_mid = 'é\"' WHERE ts = 11");
    old.exec("DELETE FROM letter WHERE ts = 14; DELETE FROM account WHERE name = 'gone'");
    old.exec("INSERT INTO invite VALUES ('h', 3, 1, 1000, 61000), ('i', 1, 0, 0, NULL)");
    start();
    const { store } = test;
    const [alice, bob] = [store.accounts.find("alice"), store.accounts.find("bob")];
    assert.ok(alice && bob);
    assert.deepEqual([alice.id, bob.id], [1, 2]);
    assert.match(alice.publicId, /^[0-9a-f]{20}$/);
    assert.notEqual(alice.publicId, bob.publicId);
    assert.equal(store.accounts.passwordOf(bob), "hash bob");
    assert.equal(store.blocks.has(1, 2), true);
    assert.deepEqual(store.tokens.find("bob's token")?.grant, {
      ...{ account: 2, address: "10.0.0.2", port: 7, device: "device", presence: true, acks: true },
      ...{ outcomes: false, plain: false },
    });
    const letters = await test.read(bob);
    assert.ok(letters !== "failed");
    assert.deepEqual(
      letters.map(({ from, sender, mid, ts, msg, ref }) => [from, sender, mid, ts, msg, ref]),
      [
        ["alice", 1, "m1", 11, "from alice", { kind: "edit", mid: 'é"' }],
        ["gone", 0, "m1", 12, "from somebody who is gone", undefined],
        ["carol", 0, "m1", 13, "é", undefined],
      ],
    );
    assert.equal(letters[0]?.senderId, alice.publicId);
    assert.equal(new Set(letters.map(({ senderId }) => senderId)).size, 3);
    assert.equal(store.mailbox.mayHold(2), true);
    const invites = await store.listInvites();
    assert.deepEqual(invites !== "failed" && invites.map(({ uses, used, leftMs }) => [uses, used, leftMs]), [
      [1, 0, undefined],
      [3, 1, 60_000],
    ]);
    const again = await test.append(bob, letterFrom(alice, "m1"));
    assert.deepEqual(again, { kind: "known", seq: letters[0].seq });
    const next = await test.append(bob, letterFrom(alice, "m5"));
    assert.ok(next.kind === "stored" && next.seq > 4);
  });

  it("begins its ages anew: nothing is too old because of what an earlier clock said", async () => {
    old.prepare(insertAccount).run("bob", "bob", "x", 0);
    old.prepare(insertToken).run(1, hashOf("t"), "::1", null, null, 0, 0, 1);
    old.prepare(insertLetter).run(1, "al", "m", 1, "old", 3, 1);
    start();
    test.clock.advance(29 * 24 * 60 * 60 * 1_000);
    await test.store.flush();
    const bob = test.store.accounts.find("bob");
    assert.ok(bob && test.store.tokens.find("t"));
    assert.deepEqual(await test.texts(bob), ["old"]);
  });

  it("is rewritten, so that its space can be given back and nothing that was deleted is left", () => {
    const letter = old.prepare(insertLetter);
    old.prepare(insertAccount).run("bob", "bob", "x", 0);
    for (let each = 0; each < 100; each += 1)
      letter.run(1, "al", `m${each}`, 1, `a deleted text ${"x".repeat(500)}`, 1, 0);
    old.exec("DELETE FROM letter");
    start();
    assert.equal(test.database.prepare("PRAGMA auto_vacuum").get()?.["auto_vacuum"], 2);
    assert.deepEqual(
      test.filesWith("a deleted text").filter((name) => !name.endsWith("-backup")),
      [],
    );
  });

  it("is left as it is for a command, and one that a command makes is new", () => {
    old.close();
    assert.throws(() => openServerDatabase(test.folder, false), /schema version 4/);
    assert.deepEqual(readdirSync(test.folder), [databaseName]);
    const fresh = mkdtempSync(join(tmpdir(), "chat-room-fresh-"));
    const made = openServerDatabase(fresh, false);
    assert.equal(made.prepare("PRAGMA user_version").get()?.["user_version"], migrations.length);
    made.close();
    rmSync(fresh, { recursive: true });
    test.start();
  });
});

describe("rows that were inserted by hand", () => {
  let test: TestStore;

  beforeEach(async () => {
    test = new TestStore();
    await test.account("alice");
    await test.store.close(0);
  });
  afterEach(() => test.dispose());

  const insert = (sql: string, ...rows: (string | number | null)[][]) => {
    const other = new DatabaseSync(test.path);
    for (const row of rows) other.prepare(sql).run(...row);
    other.close();
  };

  it("are accounts and tokens like others after the next start, and do not end too early or never", async () => {
    insert(insertAccount, ["zoe", "Zoe", "hash", 0], ["yan", "yan", "hash", 0]);
    insert(insertToken, [2, hashOf("t"), "127.0.0.1", null, "dev", 1, 1, Date.now()]);
    test.start();
    const [zoe, yan] = [test.store.accounts.find("ZOE"), test.store.accounts.find("yan")];
    assert.ok(zoe && yan && zoe.publicId !== yan.publicId);
    assert.equal(test.store.accounts.lookAlike(skeletonOf("zoe"))?.id, zoe.id);
    assert.equal(test.store.tokens.find("t")?.grant.account, zoe.id);
    assert.equal(await test.store.accounts.create(newAccount("zoe")), "taken");
    test.clock.advance(31 * 24 * 60 * 60 * 1_000);
    assert.equal(test.store.tokens.find("t"), undefined);
  });

  it("are letters too, with the columns of version 4, and known by their senders", async () => {
    insert(insertLetter, [1, "alice", "m1", 1, "é", 2, Date.now()], [1, "nobody", "m1", 1, "x", 1, Date.now()]);
    test.start();
    const alice = test.store.accounts.find("alice");
    assert.ok(alice);
    assert.deepEqual(await test.texts(alice), ["é", "x"]);
    assert.equal((await test.append(alice, letterFrom(alice, "m1"))).kind, "known");
    test.clock.advance(31 * 24 * 60 * 60 * 1_000);
    assert.deepEqual(await test.texts(alice), []);
  });
});

describe("names under rules that have changed", () => {
  let test: TestStore;

  beforeEach(async () => {
    test = new TestStore();
    await test.store.close(0);
    const old = new DatabaseSync(test.path);
    // As they were stored when a key was the name in lower case. The ids are 1 to 5.
    for (const name of ["straße", "STRASSE", "νικος", "ΝΙΚΟΣ", "PayPaI"]) {
      old.prepare(insertAccount).run(lower(name), name, "hash", 0);
    }
    old.close();
    test.start();
  });
  afterEach(() => test.dispose());

  /** Without the rule for a sigma at the end of a word, so that the two are different. */
  const lower = (name: string) => Array.from(name, (character) => character.toLowerCase()).join("");
  const find = (name: string) => test.store.accounts.find(name)?.id;

  it("keep every account: the earlier of two has the key, the later is found by its exact name", async () => {
    assert.deepEqual(["straße", "STRASSE", "strasse", "Straße"].map(find), [1, 2, 1, 1]);
    assert.deepEqual(["νικος", "ΝΙΚΟΣ", "νικοσ", "Νικος"].map(find), [3, 4, 3, 3]);
    assert.equal(test.store.accounts.lookAlike(skeletonOf("paypal"))?.id, 5);
    assert.deepEqual(
      Array.from(test.store.accounts.list("", ""), ({ name }) => name as string),
      ["PayPaI", "straße", "STRASSE", "νικος", "ΝΙΚΟΣ"],
    );
    assert.deepEqual(test.fields, [
      { user: "STRASSE", other: "straße" },
      { user: "ΝΙΚΟΣ", other: "νικος" },
    ]);
    assert.deepEqual(test.events, ["names_clash", "names_clash"]);
    for (const name of ["STRASSE", "strasse", "Νικοσ"]) {
      assert.equal(await test.store.accounts.create(newAccount(name)), "taken");
    }
    await test.reopen();
    assert.deepEqual([find("STRASSE"), find("strasse"), test.events.length], [2, 1, 2]);
  });

  it("give the key to the later one once the earlier is gone", async () => {
    const first = test.store.accounts.get(1);
    assert.ok(first);
    await test.store.removeAccount(first);
    assert.deepEqual([find("STRASSE"), find("strasse")], [2, undefined]);
    assert.equal(await test.store.accounts.create(newAccount("STRASSE")), "taken");
    await test.reopen();
    assert.deepEqual([find("STRASSE"), find("strasse")], [2, 2]);
  });
});
