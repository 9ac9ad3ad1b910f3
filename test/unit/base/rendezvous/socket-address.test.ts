import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chooseAddress,
  chooseNameOutside,
  forgetAddress,
  isFile,
  shownAddress,
} from "../../../../base/rendezvous/socket-address.ts";

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
    chmodSync(temporary, 0o700);
    assert.ok(chooseAddress(long, { platform: "linux", env, temporary: "/nowhere" }).startsWith(temporary));
  });

  it("is a folder of a name that nobody knew where that short one is another's, or open to others", function () {
    const usual = join(chooseAddress(long, around()), "..");
    chmodSync(usual, 0o777);
    const address = chooseAddress(long, around());
    assert.match(address, /rendezvous-\w{6}[/][0-9a-f]{16}\.sock$/);
    assert.equal(statSync(join(address, "..")).mode & 0o777, 0o700);
    assert.ok(Buffer.byteLength(address) <= 103);
    rmSync(usual, { recursive: true });
    symlinkSync("/etc", usual);
    assert.match(chooseAddress(long, around()), /rendezvous-\w{6}[/]/);
  });

  it("is where the one before it was, also below a name that nobody knew, and leaves that folder clean", () => {
    writeFileSync(join(temporary, `rendezvous-of-${String(process.getuid?.() ?? "me")}`), "in the way");
    const address = chooseAddress(long, around());
    assert.equal(chooseAddress(long, around(), address), address);
    rmSync(join(address, ".."), { recursive: true });
    assert.equal(chooseAddress(long, around(), address), address);
    forgetAddress(address);
    assert.equal(existsSync(join(address, "..")), false);
    // Of another folder, or somewhere else altogether.
    assert.notEqual(chooseAddress(`${long}y`, around(), address), address);
    assert.notEqual(chooseAddress(long, around(), "/etc/passwd"), "/etc/passwd");
  });

  it("is the next one where a runtime folder cannot be used, as after su", () => {
    for (const gone of ["/dev/null/gone", "/nowhere/at/all"]) {
      const address = chooseAddress(long, { platform: "linux", env: { XDG_RUNTIME_DIR: gone }, temporary });
      assert.ok(address.startsWith(temporary), address);
    }
  });

  it("is not in a folder whose entries others may exchange (CWE-379)", () => {
    const shared = join(temporary, "shared");
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    const env = { XDG_RUNTIME_DIR: shared };
    assert.ok(!chooseAddress(long, { platform: "linux", env, temporary }).startsWith(shared));
    chmodSync(shared, 0o1777);
    assert.ok(chooseAddress(long, { platform: "linux", env, temporary }).startsWith(shared));
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
