import assert from "node:assert/strict";
import { ConfigurationTarget, debug, workspace } from "vscode";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { activated, PromptScript, openTabs, Peer, run, startServer, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

describe("Notifications", () => {
  let api: TestApi;
  let server: Server;
  let erin: Peer;
  let frank: Peer;

  const set = (name: string, value: unknown): Thenable<void> =>
    workspace.getConfiguration("chatRoom").update(name, value, ConfigurationTarget.Global);
  const write = (peer: Peer, from: string, msg: string): Promise<unknown> =>
    peer.ask({ type: "message", from, to: "dana", msg });
  const unread = (name: string): number => api.store.contactNamed(name)?.unread ?? 0;
  /** What was notified before a second message, which nothing holds back, was. */
  const toldOf = (keyboard: PromptScript, name: string): string[] =>
    keyboard.told.filter((text) => text.startsWith(`${name}: `));

  before(async () => {
    api = await activated();
    server = await startServer();
    erin = await Peer.join(server, "erin");
    frank = await Peer.join(server, "frank");
    api.standIn(new PromptScript());
    await run("chatRoom.register", { server: server.address, user: "dana", password: "correct horse" });
    await untilSession(api, "connected");
    await until(
      "both",
      () => api.store.contactNamed("frank") !== undefined && api.store.contactNamed("erin") !== undefined,
    );
  });
  after(async () => {
    await set("notifications", undefined);
    api.standIn(new PromptScript());
    await run("chatRoom.signOut", { confirmed: true });
    erin.dispose();
    frank.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("offer a reply, which answers that message without opening anything", async () => {
    const tabs = openTabs();
    api.standIn(new PromptScript({ "erin: ": "Reply", "Message erin": "yes, now" }));
    await write(erin, "erin", "coffee?");
    await until("the reply", () => erin.received.some((each) => each.msg === "yes, now"));
    assert.deepEqual(openTabs(), tabs);
  });

  it("can mute the conversation, after which there are none", async () => {
    api.standIn(new PromptScript({ "frank: ": "Mute" }));
    await write(frank, "frank", "one");
    await until("the mute", () => api.store.contactNamed("frank")?.muted === true);
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await write(frank, "frank", "two");
    await until("the message", () => unread("frank") === 2);
    await write(erin, "erin", "more");
    await until("erin's", () => toldOf(keyboard, "erin").length === 1);
    assert.deepEqual(toldOf(keyboard, "frank"), []);
    await run("chatRoom.unmute", "frank");
  });

  it("come only for messages that name the person, where they want that", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await set("notifications", "mentions");
    await write(frank, "frank", "the danaides");
    await write(frank, "frank", "ask @Dana");
    await until("the mention", () => toldOf(keyboard, "frank").length === 1);
    assert.deepEqual(toldOf(keyboard, "frank"), ["frank: ask @Dana"]);
    await set("notifications", undefined);
  });

  it("wait while the person does not want to be disturbed", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await run("chatRoom.setStatus", { state: "dnd" });
    const before = unread("erin");
    await write(erin, "erin", "are you there?");
    await until("the message", () => unread("erin") === before + 1);
    await run("chatRoom.setStatus", { state: "available" });
    await write(frank, "frank", "hello");
    await until("frank's", () => toldOf(keyboard, "frank").length === 1);
    assert.deepEqual(toldOf(keyboard, "erin"), []);
  });

  it("are not held back by a setting that is off while nobody debugs", async () => {
    assert.equal(debug.activeDebugSession, undefined);
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await write(erin, "erin", "last one");
    await until("the notification", () => toldOf(keyboard, "erin").length === 1);
  });
});
