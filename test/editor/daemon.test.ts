import assert from "node:assert/strict";
import { daemonStatus } from "../../protocol/api/session.ts";
import type { TestApi } from "../../extension/ui/test-api.ts";
import { activated, PromptScript, Peer, run, startServer, treeLabels, until, untilSession } from "./world.ts";
import type { Server } from "./world.ts";

describe("The daemon under a live window", () => {
  let api: TestApi;
  let server: Server;
  let alice: Peer;

  const pid = async (): Promise<number> => {
    const status = await api.daemon.request(daemonStatus, {});
    assert.ok(status.ok, JSON.stringify(status));
    return status.pid;
  };
  const untilAnother = async (before: number): Promise<void> => {
    await until("the connection to be lost", () => api.daemon.link.state !== "connected");
    await untilSession(api, "connected");
    assert.notEqual(await pid(), before);
  };

  before(async () => {
    api = await activated();
    api.standIn(new PromptScript());
    server = await startServer();
    alice = await Peer.join(server, "alice");
    await run("chatRoom.register", { server: server.address, user: "bob", password: "correct horse" });
    await untilSession(api, "connected");
    await until("alice", () => api.store.contactNamed("alice") !== undefined);
  });
  after(async () => {
    await run("chatRoom.signOut", { confirmed: true });
    alice.dispose();
    await server.dispose();
    api.standIn(undefined);
  });

  it("is replaced after a crash, and nobody is signed out", async () => {
    const before = await pid();
    const states = new Set<string>();
    const subscription = api.store.changed.on(() => states.add(api.store.session?.state ?? ""));
    process.kill(before, "SIGKILL");
    await untilAnother(before);
    subscription.dispose();
    assert.ok(!states.has("signedOut"), [...states].join());
    assert.match(JSON.stringify(treeLabels(api)), /alice/);
  });

  it("sends after the crash, and no message is lost or doubled", async () => {
    assert.deepEqual((await run<{ ok: boolean }>("chatRoom.sendMessage", "alice", "still here")).ok, true);
    await until("the message", () => alice.received.some((each) => each.msg === "still here"));
    assert.equal(alice.received.filter((each) => each.msg === "still here").length, 1);
  });

  it("is restarted by the command", async () => {
    const before = await pid();
    api.standIn(new PromptScript({ "Restart the Chat Room daemon?": "Cancel" }));
    assert.equal(await run("chatRoom.restartDaemon"), false);
    assert.equal(await pid(), before);
    api.standIn(new PromptScript({ "Restart the Chat Room daemon?": "Restart Daemon" }));
    assert.equal(await run("chatRoom.restartDaemon"), true);
    await untilSession(api, "connected");
    assert.notEqual(await pid(), before);
  });

  it("takes up the connection to a server that comes back", async () => {
    assert.equal((await run<{ ok: boolean }>("chatRoom.reconnect")).ok, true);
    await untilSession(api, "connected");
  });
});
