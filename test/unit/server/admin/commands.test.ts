// Admin commands on a data folder: through the server that runs on it, or by themselves if none does.

import assert from "node:assert/strict";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../../../base/clock.ts";
import type { Disposable } from "../../../../base/disposable.ts";
import { openDatabase } from "../../../../base/sqlite.ts";
import { withCaller } from "../../../../server/admin/call.ts";
import type { Asked } from "../../../../server/admin/call.ts";
import { CommandFailure } from "../../../../server/admin/command-failure.ts";
import { AdminService } from "../../../../server/admin/service.ts";
import { openAdminSocket } from "../../../../server/admin/socket.ts";
import { lockFolder } from "../../../../server/storage/folder-lock.ts";
import { nameRules } from "../../../../server/storage/name-rules.ts";
import { createPasswords } from "../../../../server/storage/passwords.ts";
import { migrations } from "../../../../server/storage/schema.ts";
import { skip } from "../../../support/skip.ts";
import { grantFor, newAccount, TestStore } from "../storage/test-store.ts";

const cheap = { mebibytes: 8, passes: 1 };
const cheaper = { mebibytes: 9, passes: 1 };

describe("an admin command", function () {
  this.timeout(20_000);
  let test: TestStore;
  let served: Disposable[];
  let told: string[];

  beforeEach(() => {
    test = new TestStore();
    served = [];
    told = [];
  });
  afterEach(async () => {
    for (const each of served) each.dispose();
    await test.dispose();
  });

  const ask = (request: Asked) =>
    withCaller(
      test.folder,
      () => cheaper,
      (caller) => caller.ask(request),
    );
  const add = (name: string, password = "secret") => ask({ ask: "addUser", name, password });
  const audited = () => readFileSync(join(test.folder, "audit.log"), "utf8");

  /** As a server does. */
  async function serve(): Promise<void> {
    const lock = lockFolder(test.folder);
    assert.ok(lock);
    const service = new AdminService({
      store: test.store,
      passwords: createPasswords({ cost: cheap }),
      names: nameRules,
      sessions: {
        accountRemoved: (account) => told.push(`removed ${account}`),
        signedOut: (account) => told.push(`signed out ${account}`),
      },
    });
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const handle = service.handle.bind(service);
    served.push(lock, await openAdminSocket(test.folder, handle, systemClock, log));
  }

  describe("beside a running server", () => {
    beforeEach(serve);

    it("changes what the server has in memory, at the server's cost of a password", async () => {
      await add("alice");
      const alice = test.store.accounts.find("alice");
      assert.ok(alice);
      assert.match(test.store.accounts.passwordOf(alice), /m=8192,t=1/);
      await ask({ ask: "changePassword", name: "ALICE", password: "other" });
      await ask({ ask: "removeUser", name: "alice" });
      assert.equal(test.store.accounts.find("alice"), undefined);
      assert.deepEqual(told, [`signed out ${alice.id}`, `removed ${alice.id}`]);
      assert.match(audited(), /"admin_asked","ask":"removeUser","by":"[^"]*process \d+"/);
      assert.ok(!audited().includes("secret"));
    });

    it("ends the session of whoever has another password, or no account any more", async () => {
      const alice = await test.account("alice");
      const issued = await test.store.tokens.issue(grantFor(alice));
      assert.ok(issued !== "failed");
      await ask({ ask: "changePassword", name: "alice", password: "other" });
      assert.equal(test.store.tokens.find(issued.token), undefined);
    });

    it("lists all names in their order, however many there are", async () => {
      const names = Array.from({ length: 1_203 }, (_, index) => `u${String(index).padStart(4, "0")}`);
      await Promise.all(names.map((name) => test.store.accounts.create(newAccount(name))));
      const listed: string[] = [];
      await withCaller(
        test.folder,
        () => cheap,
        async (caller) => {
          for (let after: string | undefined, more = true; more;) {
            const page = await caller.ask({ ask: "listUsers", ...(after === undefined ? {} : { after }) });
            listed.push(...(page.names ?? []));
            after = page.names?.at(-1);
            more = page.more === true;
          }
        },
      );
      assert.deepEqual(listed, names);
    });

    it("makes, lists and revokes invitations", async () => {
      const { code = "" } = await ask({ ask: "createInvite", uses: 3, lifeMs: 60_000 });
      assert.equal(await test.store.accounts.isInvited(code), true);
      const { invites } = await ask({ ask: "listInvites" });
      assert.deepEqual(
        invites?.map(({ uses, used, leftMs }) => [uses, used, leftMs]),
        [[3, 0, 60_000]],
      );
      await ask({ ask: "revokeInvite", name: invites[0]?.id ?? "" });
      assert.equal(await test.store.accounts.isInvited(code), false);
      await assert.rejects(ask({ ask: "revokeInvite", name: code }), /no such invitation/);
    });

    it("is refused with a sentence", async () => {
      await add("alice");
      await assert.rejects(add("Alice"), /There is a user "Alice" already/);
      await assert.rejects(add("a b"), /space/);
      await assert.rejects(add("bob", ""), /1 to 1024 characters/);
      await assert.rejects(ask({ ask: "removeUser", name: "bob" }), /no user "bob"/);
      await assert.rejects(ask({ ask: "changePassword", name: "bob", password: "x" }), CommandFailure);
      test.breakDisk(true);
      await assert.rejects(add("carol"), /could not be written/);
      test.breakDisk(false);
    });

    it("is answered to nobody who cannot read the server's private files", async () => {
      const { address } = JSON.parse(readFileSync(join(test.folder, "rendezvous.json"), "utf8")) as {
        address: string;
      };
      const socket = connect({ path: address });
      let heard = "";
      socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
      const nonce = "n".repeat(43);
      socket.write(`${JSON.stringify({ nonce })}\n`);
      socket.write(`${JSON.stringify({ proof: nonce, build: 1, protocol: { min: 1, max: 1 }, canStart: false })}\n`);
      socket.write(`${JSON.stringify({ ask: "createInvite", by: "me", uses: 1 })}\n`);
      await new Promise((resolve) => socket.once("close", resolve));
      assert.ok(!heard.includes("code"));
      assert.deepEqual(await test.store.listInvites(), []);
      assert.equal(statSync(join(test.folder, "rendezvous.json")).mode & 0o777, 0o600);
    });

    it("leaves nothing but files in the folder", () => {
      for (const name of readdirSync(test.folder)) assert.ok(statSync(join(test.folder, name)).isFile(), name);
    });

    it("that the server does not understand is refused, and the next one is not", async () => {
      await assert.rejects(ask({ ask: "dance" } as unknown as Asked), /another version/);
      await add("alice");
    });
  });

  it("of an administrator reaches the server of another user, and gives them what it makes", async function () {
    if (process.getuid?.() !== 0) skip(this, "only an administrator can");
    const files = () => readdirSync(test.folder).map((name) => join(test.folder, name));
    for (const each of [test.folder, ...files()]) chownSync(each, 12_345, 12_345);
    await test.store.close(0);
    await add("alice");
    assert.deepEqual(new Set(files().map((file) => statSync(file).uid)), new Set([12_345]));
    test.start();
    await serve();
    chownSync(join(test.folder, "rendezvous.json"), 12_345, 12_345);
    await add("bob");
    assert.ok(test.store.accounts.find("bob"));
    assert.equal(process.geteuid?.(), 0);
    chownSync(join(test.folder, "rendezvous.json"), 0, 0);
    for (const each of [test.folder, ...files()]) chownSync(each, 0, 0);
  });

  it("works on the folder itself if no server runs, and on a new one", async () => {
    await test.store.close(0);
    await add("alice");
    await ask({ ask: "createInvite", uses: 1 });
    test.start();
    const alice = test.store.accounts.find("alice");
    assert.match(alice ? test.store.accounts.passwordOf(alice) : "", /m=9216,t=1/);
    assert.match(audited(), /"account_created","user":"alice".*"by":"admin"/);
    const fresh = join(test.folder, "a", "b");
    await withCaller(
      fresh,
      () => cheap,
      (caller) => caller.ask({ ask: "addUser", name: "zoe", password: "x" }),
    );
    assert.ok(existsSync(join(fresh, "chat-room.db")));
    assert.equal(statSync(fresh).mode & 0o777, 0o700);
  });

  it("waits for another command, and then for a server that starts", async () => {
    await test.store.close(0);
    const lock = lockFolder(test.folder);
    assert.ok(lock);
    const asked = add("alice");
    await new Promise((resolve) => setImmediate(resolve));
    lock.dispose();
    test.start();
    await serve();
    await asked;
    assert.match(audited(), /"user":"alice"/);
  });

  it("never brings a database of an older version forward, and leaves no copy", async () => {
    const old = join(test.folder, "old");
    mkdirSync(old, { mode: 0o700 });
    openDatabase(join(old, "chat-room.db"), migrations.slice(0, 4)).close();
    const listing = withCaller(
      old,
      () => cheap,
      (caller) => caller.ask({ ask: "listUsers" }),
    );
    await assert.rejects(listing, (error) => {
      assert.ok(error instanceof CommandFailure);
      assert.match(error.message, /Start the server once/);
      return error.exitCode === 3;
    });
    assert.ok(!readdirSync(old).some((name) => name.includes("backup")));
  });

  it("refuses a folder that others can write to", async () => {
    const open = join(test.folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const listing = withCaller(
      open,
      () => cheap,
      (caller) => caller.ask({ ask: "listUsers" }),
    );
    await assert.rejects(listing, /Others can write/);
  });
});
