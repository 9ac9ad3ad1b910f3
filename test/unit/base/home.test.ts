import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder, homeFolder } from "../../../base/home.ts";
import { skip } from "../../support/skip.ts";

describe("a person's own folder", () => {
  it("is CHAT_ROOM_HOME, else where the platform keeps state", () => {
    const at = (...path: string[]) => join(homedir(), ...path);
    assert.equal(homeFolder({ CHAT_ROOM_HOME: "/chosen", XDG_STATE_HOME: "/state" }, "linux"), "/chosen");
    assert.equal(homeFolder({ CHAT_ROOM_HOME: "", XDG_STATE_HOME: "/state" }, "linux"), "/state/chat-room");
    assert.equal(homeFolder({ XDG_STATE_HOME: "relative" }, "linux"), at(".local", "state", "chat-room"));
    assert.equal(homeFolder({}, "darwin"), at("Library", "Application Support", "chat-room"));
    assert.equal(homeFolder({ LOCALAPPDATA: "/local" }, "win32"), join("/local", "chat-room"));
  });

  describe("on disk", () => {
    let base: string;

    beforeEach(() => {
      base = mkdtempSync(join(tmpdir(), "chat-room-home-"));
    });
    afterEach(() => rmSync(base, { recursive: true }));

    it("is made for its person alone, with what is above it", () => {
      const folder = join(base, "a", "b");
      ensurePrivateFolder(folder);
      ensurePrivateFolder(folder);
      if (process.platform !== "win32") assert.equal(statSync(folder).mode & 0o777, 0o700);
    });

    it("is refused when others can open it, or it is no folder", function () {
      if (process.platform === "win32") skip(this, "Windows has no file modes");
      const open = join(base, "open");
      mkdirSync(open);
      chmodSync(open, 0o755);
      assert.throws(() => ensurePrivateFolder(open), /chmod 700/);
      writeFileSync(join(base, "file"), "");
      assert.throws(() => ensurePrivateFolder(join(base, "file")));
      symlinkSync(open, join(base, "link"));
      assert.throws(() => ensurePrivateFolder(join(base, "link")), /not a folder/);
    });
  });
});
