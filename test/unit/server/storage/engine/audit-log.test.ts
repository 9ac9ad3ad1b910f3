import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { AuditLog } from "../../../../../server/storage/engine/audit-log.ts";
import { newAccount, TestStore } from "../test-store.ts";

describe("the audit log", () => {
  let test: TestStore;
  let path: string;

  beforeEach(() => {
    test = new TestStore();
    path = join(test.folder, "audit.log");
  });
  afterEach(() => test.dispose());

  const entries = () =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("says who came, by which way, and who changed what, with its time and without secrets", async () => {
    const { store } = test;
    const code = await store.createInvite(2, undefined);
    await store.accounts.create(newAccount("alice"));
    await store.accounts.create(newAccount("bob"), code);
    await store.accounts.createAs(newAccount("carol"), "admin");
    const [bob, carol] = [store.accounts.find("bob"), store.accounts.find("carol")];
    assert.ok(bob && carol);
    await store.changePassword(bob, "$argon2id$new");
    await store.removeAccount(carol);
    await store.revokeInvite(code);
    store.note({ event: "admin_asked", ask: "listUsers", by: "root, process 1" });
    await store.flush();
    const invite = entries()[0]?.["invite"];
    assert.match(String(invite), /^[0-9a-f]{8}$/);
    assert.deepEqual(
      entries().map(({ time, ...rest }) => ({ ...rest, timed: typeof time })),
      [
        { event: "invite_created", invite, uses: 2 },
        { event: "account_created", user: "alice", account: 1, by: "registration" },
        { event: "account_created", user: "bob", account: 2, by: "invitation", invite },
        { event: "account_created", user: "carol", account: 3, by: "admin" },
        { event: "password_changed", user: "bob", account: 2 },
        { event: "account_removed", user: "carol", account: 3 },
        { event: "invite_revoked", invite },
        { event: "admin_asked", ask: "listUsers", by: "root, process 1" },
      ].map((entry) => ({ ...entry, timed: "string" })),
    );
    assert.equal(entries()[0]?.["time"], new Date(test.clock.nowMs()).toISOString());
    for (const secret of [code, "$argon2id$", "hash"]) assert.ok(!readFileSync(path, "utf8").includes(secret), secret);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("says nothing of what did not happen", async () => {
    const { store } = test;
    const alice = await test.account("alice");
    const before = entries().length;
    test.breakDisk(true);
    assert.equal(await store.accounts.create(newAccount("bob")), "failed");
    assert.equal(await store.changePassword(alice, "x"), "failed");
    test.breakDisk(false);
    assert.equal(await store.accounts.create(newAccount("alice")), "taken");
    assert.equal(await store.accounts.create(newAccount("bob"), "no invitation"), "bad_invite");
    assert.equal(entries().length, before);
  });

  it("is bounded: one file and the one before", () => {
    const log = new AuditLog(
      test.folder,
      test.clock,
      { debug() {}, info() {}, warn() {}, error() {} },
      { maxBytes: 400 },
    );
    for (let each = 0; each < 20; each += 1) log.write([{ event: "entry", each }]);
    assert.ok(statSync(`${path}.1`).size < 600);
    assert.ok(!existsSync(path) || statSync(path).size < 400);
    assert.equal(statSync(`${path}.1`).mode & 0o777, 0o600);
  });

  it("does not keep anybody from what they may do if it cannot be written", async () => {
    mkdirSync(path);
    assert.equal(await test.store.accounts.create(newAccount("alice")), "written");
    assert.deepEqual(test.events, ["audit_unwritten"]);
    rmSync(path, { recursive: true });
  });
});
