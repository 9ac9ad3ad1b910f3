import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseAddress, chooseNameOutside, isFile, shownAddress } from "../../../../base/rendezvous/address.ts";

describe("where the process of a folder listens", () => {
  let temporary: string;
  beforeEach(() => (temporary = mkdtempSync(join(tmpdir(), "rv-"))));
  afterEach(() => rmSync(temporary, { recursive: true }));

  const around = () => ({ platform: "linux", env: {}, temporary }) as const;
  const long = "/home/somebody/".padEnd(150, "x");

  it("is in the folder itself", () => {
    assert.equal(chooseAddress("/home/me/chat", around()), "/home/me/chat/rendezvous.sock");
  });

  it("is a private folder with a short path where the folder's is too long for a socket", () => {
    const address = chooseAddress(long, around());
    assert.ok(address.startsWith(temporary));
    assert.ok(Buffer.byteLength(address) <= 103);
    assert.equal(statSync(join(address, "..")).mode & 0o777, 0o700);
    assert.equal(chooseAddress(long, around()), address);
    assert.notEqual(chooseAddress(`${long}y`, around()), address);
  });

  it("counts bytes, not characters", () => {
    const address = chooseAddress(`/home/${"ü".repeat(50)}`, around());
    assert.ok(address.startsWith(temporary));
  });

  it("prefers the runtime folder", () => {
    const env = { XDG_RUNTIME_DIR: temporary };
    assert.ok(chooseAddress(long, { platform: "linux", env, temporary: "/nowhere" }).startsWith(temporary));
  });

  it("is refused where that short folder is open to others", () => {
    const address = chooseAddress(long, around());
    chmodSync(join(address, ".."), 0o777);
    assert.throws(() => chooseAddress(long, around()), /Others can open/);
  });

  it("is outside a folder that holds only files: a name that is no file on Linux, a private folder elsewhere", () => {
    const [one, other] = [chooseNameOutside("/var/x", around()), chooseNameOutside("/var/x", around())];
    assert.match(one, /^\0rendezvous-[0-9a-f]{32}$/);
    assert.notEqual(one, other);
    assert.deepEqual([isFile(one), shownAddress(one)], [false, `@${one.slice(1)}`]);
    const elsewhere = chooseNameOutside("/var/x", { ...around(), platform: "darwin" });
    assert.ok(elsewhere.startsWith(temporary));
    assert.deepEqual([isFile(elsewhere), shownAddress(elsewhere)], [process.platform !== "win32", elsewhere]);
  });

  it("is a pipe name that nobody can guess on Windows", () => {
    const windows = { ...around(), platform: "win32" } as const;
    const [one, other] = [chooseAddress("C:\\x", windows), chooseAddress("C:\\x", windows)];
    assert.match(one, /^\\\\\.\\pipe\\rendezvous-[0-9a-f]{32}$/);
    assert.notEqual(one, other);
  });
});
