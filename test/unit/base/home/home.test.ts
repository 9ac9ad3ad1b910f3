import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePrivateFolder, homeFolder } from "../../../../base/home/home.ts";
import { skip } from "../../../support/skip.ts";

const at = (...path: string[]) => join(homedir(), ...path);
const on = (platform: NodeJS.Platform) => ({ platform, hostname: "here", isRemote: () => false });

describe("a person's own folder", () => {
  it("is CHAT_ROOM_HOME, else where the platform keeps state", () => {
    assert.equal(homeFolder({ CHAT_ROOM_HOME: "/chosen", XDG_STATE_HOME: "/state" }, on("linux")), "/chosen");
    assert.equal(homeFolder({ CHAT_ROOM_HOME: "", XDG_STATE_HOME: "/state" }, on("linux")), "/state/chat-room");
    assert.equal(homeFolder({ XDG_STATE_HOME: "relative" }, on("linux")), at(".local", "state", "chat-room"));
    assert.equal(homeFolder({}, on("darwin")), at("Library", "Application Support", "chat-room"));
    assert.equal(homeFolder({ LOCALAPPDATA: "/local" }, on("win32")), join("/local", "chat-room"));
  });

  it("is the same from every folder where CHAT_ROOM_HOME is relative: from the person's own", () => {
    const before = process.cwd();
    for (const folder of [before, tmpdir()]) {
      process.chdir(folder);
      assert.equal(homeFolder({ CHAT_ROOM_HOME: "chat/alice" }, on("linux")), at("chat", "alice"));
      assert.equal(homeFolder({ CHAT_ROOM_HOME: "./chat" }, on("linux")), at("chat"));
      assert.equal(homeFolder({ CHAT_ROOM_HOME: "~/chat" }, on("linux")), at("chat"));
    }
    process.chdir(before);
  });

  it("is each machine's own where several share the file system, unless it was chosen", () => {
    const lab = { ...on("linux"), hostname: "Lab-07.Uni Example", isRemote: (folder: string) => folder === "/net/me" };
    assert.equal(homeFolder({ XDG_STATE_HOME: "/net/me" }, lab), "/net/me/chat-room-lab-07.uni-example");
    assert.equal(homeFolder({ XDG_STATE_HOME: "/disk/me" }, lab), "/disk/me/chat-room");
    assert.equal(homeFolder({ CHAT_ROOM_HOME: "/net/me" }, lab), "/net/me");
  });

  it("is asked for with a sentence where a person has no folder at all", function () {
    if (process.platform === "win32") skip(this, "Windows does not ask HOME");
    const before = process.env["HOME"];
    process.env["HOME"] = "";
    try {
      assert.throws(() => homeFolder({}, on("linux")), /no home folder here \(HOME\)\. Set CHAT_ROOM_HOME/);
      assert.equal(homeFolder({ CHAT_ROOM_HOME: "/chosen" }, on("linux")), "/chosen");
    } finally {
      if (before === undefined) delete process.env["HOME"];
      else process.env["HOME"] = before;
    }
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

    it("is refused with a sentence where it cannot be made", () => {
      writeFileSync(join(base, "file"), "");
      const below = join(base, "file", "below");
      assert.throws(() => ensurePrivateFolder(below), /below cannot be made \(.*Set CHAT_ROOM_HOME to a folder that/);
    });
  });
});
