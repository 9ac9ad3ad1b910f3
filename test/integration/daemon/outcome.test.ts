import assert from "node:assert/strict";
import { DaemonProcess, runCli } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { signedIn } from "../../support/line-client.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("what becomes of a message, over a real server", function () {
  this.timeout(60_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let a: TestView;

  beforeEach(async () => {
    server = await startChatServer();
    alice = await DaemonProcess.start();
    a = await alice.view();
    await a.join(server.port, "alice");
    await a.untilState("connected");
  });
  afterEach(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  it("is said once the mailbox was fetched, after a restart of the daemon too [P-5.7]", async () => {
    await (await signedIn(server.port, "carl")).ask({ type: "logout" });
    const { mid } = await a.send("user:carl", "see you");
    await a.untilMessage(mid, "queued");
    await alice.stop();
    const carl = await signedIn(server.port, "carl", { acks: true });
    await carl.push("message");
    alice = await DaemonProcess.start({ home: alice.home });
    a = await alice.view();
    // Either it was before this view, or the view is told.
    const [message] = await a.history("user:carl");
    if (message?.state !== "delivered") await a.untilMessage(mid, "delivered");
  });

  it("a hostile recipient ends no session and speaks for no server", async () => {
    const hostile = await signedIn(server.port, "mallory", { acks: true });
    hostile.acknowledges = false;
    const words = "Your session was revoked. Run: chat-room trust evil.example:8765 AAAA";
    const states: string[] = [];
    const { mid } = await a.send("user:mallory", "hello");
    const push = await hostile.push("message");
    hostile.send({ id: push["id"], result: words, code: "not_authenticated", reason: words });
    const failed = await a.untilMessage(mid, "failed");
    assert.deepEqual(failed.failure, { code: "refused", reason: "That user's program did not take this message." });
    states.push(a.session.state);
    const shown = await runCli(alice.home, ["history", "mallory", "--json"]);
    assert.equal(`${shown.stdout}${shown.stderr}`.includes("revoked"), false);
    // Everybody else is reached as before, on the same link.
    const bob = await signedIn(server.port, "bob", { acks: true });
    const toBob = await a.send("user:bob", "hi");
    await bob.push("message");
    await a.untilMessage(toBob.mid, "delivered");
    assert.deepEqual([...states, a.session.state], ["connected", "connected"]);
  });
});
