import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareDataFolder } from "../../../server/prepare-folder.ts";
import { StartFailure } from "../../../server/start-failure.ts";
import { skip } from "../../support/skip.ts";

describe("the data folder", () => {
  let base: string;
  let folder: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "chat-room-folder-"));
    folder = join(base, "data");
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const refusal = (path = folder): string => {
    try {
      prepareDataFolder(path);
    } catch (error) {
      assert.ok(error instanceof StartFailure);
      return error.message;
    }
    return "";
  };

  it("is made for the server's user alone, and taken as it is if others may only read", () => {
    prepareDataFolder(folder);
    if (process.platform !== "win32") assert.equal(statSync(folder).mode & 0o777, 0o700);
    writeFileSync(join(folder, "chat-room.db"), "");
    for (const mode of [0o700, 0o755, 0o2770, 0o2775]) {
      chmodSync(folder, mode);
      assert.equal(refusal(), "", mode.toString(8));
    }
  });

  it("is refused in a sentence where it cannot be, and at once", function () {
    writeFileSync(folder, "");
    assert.match(refusal(), /data cannot be written to \(it is not a folder\).*choose another one with --data/);
    assert.match(refusal(join(folder, "deeper")), /cannot be written to \(ENOTDIR/);
    if (process.platform !== "linux") skip(this, "only Linux has /proc");
    assert.match(refusal("/proc/nope"), /\/proc\/nope cannot be written to \(.*choose another one with --data/);
  });

  it("is refused if others could change it or the database in it", function () {
    if (process.platform === "win32") skip(this, "Windows has no file modes");
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    assert.match(refusal(), /Everybody.*chmod 700/);
    chmodSync(folder, 0o700);
    writeFileSync(join(folder, "chat-room.db"), "");
    chmodSync(join(folder, "chat-room.db"), 0o666);
    assert.match(refusal(), /Everybody.*chat-room\.db.*chmod 600/);
    chmodSync(join(folder, "chat-room.db"), 0o660);
    assert.equal(refusal(), "");
  });

  it("is refused if it, or the database in it, belongs to another user", function () {
    if (process.getuid?.() !== 0) skip(this, "only root can give files away");
    mkdirSync(folder);
    writeFileSync(join(folder, "chat-room.db"), "");
    chownSync(join(folder, "chat-room.db"), 65_534, 65_534);
    assert.match(refusal(), /chat-room\.db belongs to another user/);
    chownSync(folder, 65_534, 65_534);
    assert.match(refusal(), /data belongs to another user/);
  });

  it("may be a link to one", () => {
    mkdirSync(join(base, "real"), { mode: 0o700 });
    symlinkSync(join(base, "real"), folder);
    assert.equal(refusal(), "");
  });
});
