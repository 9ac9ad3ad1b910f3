import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityFile } from "../../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../../base/tls/identity.ts";
import { leadsTo } from "../../../../base/tls/succession.ts";
import { successionFile } from "../../../../server/net/key-succession.ts";
import { TlsKeys } from "../../../../server/net/tls-keys.ts";
import { makeCertificate } from "../../../support/certificates.ts";
import { skip } from "../../../support/skip.ts";

interface Logged {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

describe("the key that the server shows", () => {
  let folder: string;
  let logged: Logged[];
  let shown: TlsIdentity[];
  const keys: TlsIdentity[] = [];

  before(async () => keys.push(...(await Promise.all(Array.from({ length: 4 }, () => makeCertificate())))));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-keys-"));
    logged = [];
    shown = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void logged.push({ level, event, ...fields });
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const files = () => ({ certificate: join(folder, "cert.pem"), key: join(folder, "key.pem") });
  const key = (n: number): TlsIdentity => keys[n] ?? assert.fail();
  const renew = (n: number): void => {
    writeFileSync(files().certificate, key(n).certificate);
    writeFileSync(files().key, key(n).key);
  };
  const open = () => TlsKeys.open({ data: folder, files: files(), log }, 0);
  const openOwn = () => TlsKeys.open({ data: folder, files: undefined, log }, 0);
  const reload = (server: TlsKeys): boolean => server.reload((identity) => shown.push(identity));
  const events = (name: string) => logged.filter(({ event }) => event === name);

  it("changes at a reload, is announced by the old one, and that is an error in the log [P-1.11]", async () => {
    renew(0);
    const server = await open();
    assert.deepEqual([server.statements, events("tls_pin_changed")], [[], []]);
    renew(1);
    assert.ok(reload(server));
    assert.deepEqual([server.identity.pin, shown[0]?.pin], [key(1).pin, key(1).pin]);
    assert.ok(leadsTo(key(1).pin, key(0).pin, server.statements));
    assert.deepEqual(events("tls_pin_changed"), [
      { level: "error", event: "tls_pin_changed", old: key(0).pin, new: key(1).pin, announced: true },
    ]);
    assert.equal(events("tls_reloaded")[0]?.["pin"], key(1).pin);
  });

  it("is announced over restarts and further changes, and by a private file", async () => {
    renew(0);
    let server = await open();
    for (const n of [1, 2]) {
      renew(n);
      reload(server);
      server = await open();
    }
    assert.ok(leadsTo(key(2).pin, key(0).pin, server.statements));
    assert.equal(events("tls_pin_changed").length, 2, "a start with the same key changes nothing");
    if (process.platform !== "win32") assert.equal(statSync(join(folder, successionFile)).mode & 0o777, 0o600);
  });

  it("is an error in the log, and announced by nobody, if it is another one at the start", async () => {
    renew(0);
    await open();
    renew(1);
    const server = await open();
    assert.deepEqual(events("tls_pin_changed"), [
      { level: "error", event: "tls_pin_changed", old: key(0).pin, new: key(1).pin, announced: false },
    ]);
    assert.deepEqual(server.statements, []);
    await open();
    assert.equal(events("tls_pin_changed").length, 1, "it is said once");
  });

  it("may change back: everybody finds it, and what the key of before said last counts no more", async () => {
    renew(0);
    const server = await open();
    for (const n of [1, 0]) {
      renew(n);
      reload(server);
    }
    assert.ok(leadsTo(key(0).pin, key(1).pin, server.statements));
    assert.equal(server.statements.length, 1, "nothing leads away from the key that is shown");
    renew(2);
    reload(server);
    for (const n of [0, 1]) assert.ok(leadsTo(key(2).pin, key(n).pin, server.statements));
  });

  it("keeps the last 16 statements", async () => {
    renew(0);
    const server = await open();
    for (let round = 0; round < 20; round += 1) {
      const next = await makeCertificate();
      writeFileSync(files().certificate, next.certificate);
      writeFileSync(files().key, next.key);
      reload(server);
    }
    assert.equal(server.statements.length, 16);
    assert.deepEqual((await open()).statements, server.statements);
  });

  it("is not changed by a reload of the same files", async () => {
    renew(0);
    const server = await open();
    const before = readFileSync(join(folder, successionFile), "utf8");
    assert.ok(reload(server));
    assert.equal(readFileSync(join(folder, successionFile), "utf8"), before);
    assert.equal(events("tls_pin_changed").length, 0);
  });

  it("stays at a reload of files that do not do", async () => {
    renew(0);
    const server = await open();
    writeFileSync(files().key, key(1).key);
    assert.ok(!reload(server));
    assert.deepEqual([server.identity.pin, shown, server.statements], [key(0).pin, [], []]);
    assert.match(String(events("tls_not_reloaded")[0]?.["error"]), /the key is not that of the certificate/);
  });

  it("is never made by a reload: one's own stays if its file is gone or damaged", async () => {
    const server = await openOwn();
    const { pin } = server.identity;
    const path = join(folder, identityFile);
    const whole = readFileSync(path);
    writeFileSync(path, "damaged");
    assert.ok(!reload(server));
    rmSync(path);
    assert.ok(!reload(server));
    assert.deepEqual(
      events("tls_not_reloaded").map(({ error }) => /damaged\. Restore|gone\. Restore/.test(String(error))),
      [true, true],
    );
    assert.equal(server.identity.pin, pin);
    writeFileSync(path, whole, { mode: 0o600 });
    assert.ok(reload(server));
  });

  it("is read from a file that a volume opened to its group, which is closed and said", async function () {
    if (process.platform === "win32") skip(this, "Windows has no file modes");
    await openOwn();
    for (const file of [identityFile, successionFile]) chmodSync(join(folder, file), 0o660);
    const server = await openOwn();
    for (const file of [identityFile, successionFile]) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
    chmodSync(join(folder, identityFile), 0o640);
    assert.ok(reload(server));
    assert.equal(events("private_file_closed").length, 3);
    chmodSync(join(folder, identityFile), 0o604);
    await assert.rejects(openOwn(), /chmod 600/);
  });

  it("does not depend on the file of statements: without it, or a damaged one, the server starts", async () => {
    renew(0);
    writeFileSync(join(folder, successionFile), "damaged", { mode: 0o600 });
    assert.deepEqual((await open()).statements, []);
    chmodSync(join(folder, successionFile), 0o644);
    assert.deepEqual((await open()).statements, []);
    if (process.platform !== "win32") assert.equal(events("tls_succession_unreadable").length, 1);
  });
});
