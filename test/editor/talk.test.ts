import assert from "node:assert/strict";
import { env, window } from "vscode";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { activated, PromptScript, openTabs, Peer, run, startServer, treeLabels, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
}

describe("Talking", () => {
  let api: TestApi;
  let server: Server;
  let alice: Peer;

  before(async () => {
    api = await activated();
    server = await startServer();
    alice = await Peer.join(server, "alice");
    api.standIn(new PromptScript());
    await run("chatRoom.register", { server: server.address, user: "bob", password: "correct horse" });
    await untilSession(api, "connected");
  });
  afterEach(() => api.standIn(undefined));
  after(async () => {
    api.standIn(new PromptScript());
    await run("chatRoom.signOut", { confirmed: true });
    alice.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("begins with a tree of who is there", async () => {
    await until("alice to be in the tree", () => JSON.stringify(treeLabels(api)) === '["Everyone",["Online","alice"]]');
  });

  it("sends a message by arguments and by questions", async () => {
    assert.equal((await run<Outcome>("chatRoom.sendMessage", "alice", "by position")).ok, true);
    assert.equal((await run<Outcome>("chatRoom.sendMessage", { to: "ALICE", text: "by name" })).ok, true);
    api.standIn(new PromptScript({ "Chat Room: Send Message": "alice", "Message alice": "by questions" }));
    assert.equal((await run<Outcome>("chatRoom.sendMessage")).ok, true);
    await until("three messages at alice's", () => alice.received.length === 3);
    assert.deepEqual(
      alice.received.map((each) => each.msg),
      ["by position", "by name", "by questions"],
    );
  });

  it("broadcasts by arguments and by questions", async () => {
    const before = alice.received.length;
    assert.equal((await run<Outcome>("chatRoom.broadcast", "to all")).ok, true);
    api.standIn(new PromptScript({ "Message everyone": "to all again" }));
    assert.equal((await run<Outcome>("chatRoom.broadcast")).ok, true);
    await until("two broadcasts at alice's", () => alice.received.length === before + 2);
    assert.ok(alice.received.slice(before).every((each) => each.broadcast));
  });

  it("says that there is nobody of a name", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    assert.equal((await run<Outcome>("chatRoom.sendMessage", "nobody", "x")).code, "no_such_user");
    assert.match(keyboard.told[0] ?? "", /no user/);
  });

  it("counts what comes in, on the contact and as a badge, and opens nothing", async () => {
    api.standIn(new PromptScript());
    await alice.ask({ type: "message", from: "alice", to: "bob", msg: "are you there?" });
    await until("the unread count", () => api.store.contactNamed("alice")?.unread === 1);
    await until("the badge", () => api.contacts.view.badge?.value === 1);
    assert.deepEqual(openTabs(), []);
  });

  it("opens one chat a person, titled with the name, and marks it as read", async () => {
    assert.equal(await run("chatRoom.openChat", "alice"), true);
    assert.equal(await run("chatRoom.openChat", { name: "Alice" }), true);
    await until("the chat", () => openTabs().join() === "alice");
    if (window.state.focused) {
      await until("the badge to go", () => api.contacts.view.badge === undefined);
    }
  });

  it("opens the chat with everyone from the list", async () => {
    api.standIn(new PromptScript({ "Chat Room: Open Chat": "Everyone" }));
    assert.equal(await run("chatRoom.openChat"), true);
    await until("both chats", () => openTabs().sort().join() === "Everyone,alice");
  });

  it("shows who is online", async () => {
    api.standIn(new PromptScript());
    assert.deepEqual(await run("chatRoom.showOnline"), ["alice", "bob"]);
  });

  it("blocks and unblocks", async () => {
    assert.equal((await run<Outcome>("chatRoom.block", "alice")).ok, true);
    await until("alice to be blocked", () => JSON.stringify(treeLabels(api)) === '["Everyone",["Blocked","alice"]]');
    const refused = await alice.ask({ type: "message", from: "alice", to: "bob", msg: "hello?" });
    assert.equal(refused["code"], "blocked");
    api.standIn(new PromptScript({ "Unblock User": "alice" }));
    assert.equal((await run<Outcome>("chatRoom.unblock")).ok, true);
    await until("alice to be back", () => api.store.contactNamed("alice")?.blocked === false);
    api.standIn(new PromptScript({ "Block User": "alice", "Block alice?": "Block alice" }));
    assert.equal((await run<Outcome>("chatRoom.block")).ok, true);
    assert.equal((await run<Outcome>("chatRoom.unblock", { name: "alice" })).ok, true);
  });

  it("mutes and unmutes", async () => {
    assert.equal((await run<Outcome>("chatRoom.mute", "alice")).ok, true);
    await until("alice to be muted", () => api.store.contactNamed("alice")?.muted === true);
    assert.equal((await run<Outcome>("chatRoom.unmute", "alice")).ok, true);
    await until("alice to be heard", () => api.store.contactNamed("alice")?.muted === false);
  });

  it("says that nobody needs an invitation where anybody may make an account", async () => {
    api.standIn(new PromptScript());
    const refused = await run<Outcome>("chatRoom.invite");
    assert.deepEqual([refused.ok, refused.code], [false, "denied"]);
  });

  it("copies the address of the server", async () => {
    assert.equal(await run("chatRoom.copyServerAddress"), true);
    assert.match(await env.clipboard.readText(), new RegExp(`${server.port}`));
  });
});
