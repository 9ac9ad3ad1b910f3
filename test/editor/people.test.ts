import assert from "node:assert/strict";
import { env, Uri } from "vscode";
import { linkTo } from "../../extension/commands/message-link.ts";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { Terminal } from "./terminal.ts";
import { activated, PromptScript, openTabs, Peer, run, startServer, treeLabels, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

interface Outcome {
  readonly ok: boolean;
  readonly code?: string;
  readonly account?: { readonly user: string };
}

describe("Finding people, words and servers", () => {
  let api: TestApi;
  let server: Server;
  let alice: Peer;
  let zoe: Peer;

  before(async () => {
    api = await activated();
    server = await startServer();
    alice = await Peer.join(server, "alice");
    zoe = await Peer.join(server, "zoe");
    api.standIn(new PromptScript());
  });
  afterEach(() => api.standIn(undefined));
  after(async () => {
    api.standIn(new PromptScript());
    await run("chatRoom.signOut", { confirmed: true });
    alice.dispose();
    zoe.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("joins by a link only after the person saw where it leads", async () => {
    const link = Uri.parse(`${env.uriScheme}://chat-room.chat-room/join?server=${encodeURIComponent(server.address)}`);
    const doubtful = new PromptScript();
    api.standIn(doubtful);
    await api.links.handle(link);
    assert.match(doubtful.told[0] ?? "", /Join the chat server at 127\.0\.0\.1\?.*this machine itself/s);
    assert.notEqual(api.store.session?.state, "connected");
    api.standIn(
      new PromptScript({
        "Join the chat server": "Create Account",
        "User name": "bob",
        Password: "correct horse",
        "The same password": "correct horse",
      }),
    );
    await api.links.handle(link);
    await untilSession(api, "connected");
    assert.equal(api.store.account?.user, "bob");
  });

  it("leaves other links alone, with a word", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await api.links.handle(Uri.parse(`${env.uriScheme}://chat-room.chat-room/run?command=x`));
    assert.match(keyboard.told[0] ?? "", /does not know this link/);
  });

  it("opens the row that is clicked, also at the moment when the tree is read anew", async () => {
    await until("both", () => JSON.stringify(treeLabels(api)) === '["Everyone",["Online","alice","zoe"]]');
    await run("chatRoom.contacts.focus");
    await until("the tree to be shown", () => api.contacts.view.visible);
    for (let round = 1; round <= 8; round += 1) {
      await run("workbench.action.closeAllEditors");
      await until(`no chat in round ${round}`, () => api.panels.visible.length === 0);
      await run("chatRoom.contacts.focus");
      await run("list.focusFirst");
      // As a click does: what is focused is selected and opened, here while the tree is read anew again and again.
      const opened = run("list.select");
      for (let times = 0; times < 5; times += 1) {
        api.contacts.filter("");
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
      await opened;
      await until(`the chat in round ${round}`, () => api.panels.visible.includes("everyone"));
    }
    await run("workbench.action.closeAllEditors");
  });

  it("filters the tree by name, and shows all again", async () => {
    await until("both", () => JSON.stringify(treeLabels(api)) === '["Everyone",["Online","alice","zoe"]]');
    await run("chatRoom.filterContacts", "ZO");
    assert.deepEqual(treeLabels(api), [["Online", "zoe"]]);
    assert.equal(api.contacts.view.message, "Names with “ZO”");
    await run("chatRoom.filterContacts", "nobody");
    assert.deepEqual(treeLabels(api), []);
    await run("chatRoom.clearFilter");
    assert.deepEqual(treeLabels(api), ["Everyone", ["Online", "alice", "zoe"]]);
  });

  it("sends to several who are selected, each by themselves", async () => {
    api.standIn(new PromptScript({ "each by themselves": "to both of you" }));
    const { provider } = api.contacts;
    const online = provider.getChildren().find((node) => node.kind === "section");
    const rows = provider.getChildren(online);
    assert.deepEqual(await run("chatRoom.sendMessage", rows[0], rows), { ok: true, sent: 2 });
    for (const peer of [alice, zoe]) await until("the message", () => peer.received.at(-1)?.msg === "to both of you");
  });

  it("tells others the own status", async () => {
    assert.equal((await run<Outcome>("chatRoom.setStatus", { state: "dnd", text: "focus" })).ok, true);
    const seen = await alice.ask({ type: "users", prefix: "bob" });
    assert.match(JSON.stringify(seen), /"state":"dnd","text":"focus"/);
    assert.equal((await run<Outcome>("chatRoom.setStatus", { state: "available" })).ok, true);
  });

  it("finds words in all conversations and opens the chat at the hit", async () => {
    await alice.ask({ type: "message", from: "alice", to: "bob", msg: "the quick brown fox" });
    await until("the unread count", () => api.store.contactNamed("alice")?.unread === 1);
    api.standIn(new PromptScript({ "Search Messages": "brow" }));
    assert.equal(await run("chatRoom.search"), true);
    await until("the chat", () => openTabs().includes("alice"));
  });

  it("opens a link to a message at that message, and says so where it is not here", async () => {
    const keyboard = new PromptScript();
    api.standIn(keyboard);
    await run("workbench.action.closeAllEditors");
    const mid = "m-linked";
    await alice.ask({ type: "message", from: "alice", to: "bob", msg: "look at this", mid });
    await until("the message", () => api.store.contactNamed("alice")?.lastWords === "look at this");
    const link = (id: string) => Uri.parse(linkTo({ mid: id, from: "alice" }, env.uriScheme));
    await api.links.handle(link("m-nowhere"));
    // The message itself may have been notified before.
    assert.ok(
      keyboard.told.some((text) => text.includes("not in your history")),
      keyboard.told.join("\n"),
    );
    await api.links.handle(link(mid));
    await until("the chat", () => openTabs().includes("alice"));
  });

  it("goes to what is unread, once there is something", async () => {
    await zoe.ask({ type: "message", from: "zoe", to: "bob", msg: "ping" });
    await until("the unread count", () => api.store.contactNamed("zoe")?.unread === 1);
    assert.equal(await run("chatRoom.nextUnread"), true);
    await until("the chat", () => openTabs().includes("zoe"));
  });

  it("diagnoses every part of the connection", async () => {
    api.standIn(new PromptScript());
    const { ok, report } = await run<{ ok: boolean; report: string }>("chatRoom.doctor");
    assert.equal(ok, true, report);
    assert.doesNotMatch(report, /alice|zoe|quick brown/);
  });

  it("switches between two accounts of this machine without a question", async () => {
    const other = { server: server.address, user: "robert", password: "correct horse" };
    api.standIn(new PromptScript());
    assert.equal((await run<Outcome>("chatRoom.register", other)).ok, true);
    await until("robert", () => api.store.account?.user === "robert");
    api.standIn(new PromptScript({ "Switch Account": "bob" }));
    assert.equal((await run<Outcome>("chatRoom.switchAccount")).account?.user, "bob");
    await untilSession(api, "connected");
    assert.equal(api.store.account?.user, "bob");
  });

  it("signs in here again after a sign-in at another place", async () => {
    const keyboard = new PromptScript({ Password: "correct horse" });
    api.standIn(keyboard);
    const other = new Terminal();
    const words = ["login", "--server", server.address, "--user", "bob", "--password-stdin"];
    assert.equal((await other.say(words, "correct horse\n")).code, 0);
    await until("the end of this session", () => {
      const { session } = api.store;
      return session?.state === "signedOut" && session.elsewhere === true;
    });
    assert.equal(api.contacts.view.badge, undefined);
    assert.equal((await run<Outcome>("chatRoom.signInHere")).account?.user, "bob");
    await untilSession(api, "connected");
    await other.dispose();
  });
});
