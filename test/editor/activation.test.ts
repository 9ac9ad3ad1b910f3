import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { commands, ConfigurationTarget, extensions, Uri, workspace } from "vscode";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { activated, PromptScript, openTabs, run, treeLabels, until, untilSession } from "./world.ts";

interface Manifest {
  contributes: { commands: { command: string }[]; keybindings: { command: string; key: string }[] };
}

describe("Chat Room in a window where nobody is signed in", () => {
  let api: TestApi;
  before(async () => {
    api = await activated();
    await untilSession(api, "signedOut");
  });
  afterEach(() => api.standIn(undefined));

  it("has registered every command it contributes", async () => {
    const manifest = extensions.getExtension("chat-room.chat-room")?.packageJSON as Manifest;
    const known = new Set(await commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) assert.ok(known.has(command), command);
  });

  it("binds only keys that nothing else in this editor has", async () => {
    const manifest = extensions.getExtension("chat-room.chat-room")?.packageJSON as Manifest;
    const shown = await workspace.openTextDocument(Uri.parse("vscode://defaultsettings/keybindings.json"));
    const bound = [...shown.getText().matchAll(/"key": "([^"]*)",\s*"command": "([^"]*)"/g)];
    assert.ok(bound.length > 500, `${bound.length} keybindings`);
    for (const { command, key } of manifest.contributes.keybindings) {
      const own = key.replace("ctrl", process.platform === "darwin" ? "cmd" : "ctrl");
      const having = bound.filter(([, each]) => each === own).map(([, , name]) => name);
      assert.deepEqual(having, [command], own);
    }
  });

  it("started the daemon and talks to it", () => {
    assert.equal(api.daemon.link.state, "connected");
  });

  it("has the daemon show others no typing and no read marks where the settings say so", async () => {
    const file = join(process.env["CHAT_ROOM_HOME"] ?? "", "preferences.json");
    const kept = (): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
    const settings = workspace.getConfiguration("chatRoom");
    for (const name of ["sendTyping", "sendReadMarks"]) await settings.update(name, false, ConfigurationTarget.Global);
    await until("both to be off", () => isDeepStrictEqual(kept(), { typing: false, readMarks: false }));
    for (const name of ["sendTyping", "sendReadMarks"]) {
      await settings.update(name, undefined, ConfigurationTarget.Global);
    }
    await until("both to be on", () => isDeepStrictEqual(kept(), { typing: true, readMarks: true }));
  });

  it("shows an empty tree, so that the welcome text is seen, and opens nothing by itself", () => {
    assert.deepEqual(treeLabels(api), []);
    assert.deepEqual(openTabs(), []);
  });

  it("refuses what needs a session with a reason, from every command", async () => {
    const keyboard = new PromptScript({
      ...{ "Block nobody?": "Block nobody", Block: "nobody", Unblock: "nobody" },
      ...{ "Send Message": "nobody", Message: "hello" },
    });
    api.standIn(keyboard);
    for (const id of ["showOnline", "block", "unblock", "sendMessage", "broadcast"]) {
      const outcome = await run<{ ok: boolean; reason?: string }>(`chatRoom.${id}`);
      assert.equal(outcome.ok, false, id);
    }
    assert.equal(await run("chatRoom.openChat", "nobody"), false);
    assert.equal(keyboard.told.length, 6, keyboard.told.join("\n"));
  });

  it("shows its log, and copies no address while there is none", async () => {
    await run("chatRoom.showLog");
    assert.equal(await run("chatRoom.copyServerAddress"), false);
  });

  it("starts a server on this machine, offers to use it, and stops it", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    const started = await run<{ ok: boolean; address: string }>("chatRoom.startServer", { port: 0 });
    assert.equal(started.ok, true, JSON.stringify(started));
    await until("the offer", () => keyboard.told.some((text) => text.includes(started.address)));
    const again = await run<{ ok: boolean; alreadyRunning: boolean }>("chatRoom.startServer");
    assert.equal(again.alreadyRunning, true);
    api.standIn(new PromptScript({ "Stop the server": "Stop Server" }));
    const stopped = await run<{ ok: boolean; wasRunning: boolean }>("chatRoom.stopServer");
    assert.deepEqual([stopped.ok, stopped.wasRunning], [true, true]);
  });
});
