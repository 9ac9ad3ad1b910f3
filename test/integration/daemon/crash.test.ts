// What is promised when something dies in the middle: nothing that was acknowledged is lost, nothing is shown twice, the
// order is kept [P-5].

import assert from "node:assert/strict";
import { cpSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { retry } from "../../../protocol/conversations/kinds/text.ts";
import { signIn } from "../../../protocol/api/session.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import { DaemonProcess, makeHome } from "../../support/daemon-process.ts";
import type { TestView } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

describe("a conversation in which something dies", function () {
  this.timeout(90_000);
  let server: ChatServer;
  let alice: DaemonProcess;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;

  beforeEach(async () => {
    ({ server, alice, bob, a, b } = await twoDaemons());
  });
  afterEach(async () => {
    await DaemonProcess.disposeAll();
    await server.dispose();
  });

  const sendMany = async (label: string, count: number): Promise<ChatMessage[]> => {
    const sent: ChatMessage[] = [];
    for (let index = 0; index < count; index += 1) sent.push(await a.send("user:bob", `${label} ${index}`));
    return sent;
  };
  const arrivedAtBob = async (sent: readonly ChatMessage[]): Promise<void> => {
    const received = await b.untilReceived("user:alice", sent.length);
    assert.deepEqual(
      received.map(({ mid }) => mid),
      sent.map(({ mid }) => mid),
    );
  };
  const restartServer = async (): Promise<void> => {
    const { port, data } = server;
    await server.stop("SIGKILL");
    server = await startChatServer({ port, data });
  };

  it("survives that the server is killed, again and again [P-5.4] [P-5.6]", async () => {
    const sent = await sendMany("before", 10);
    await restartServer();
    sent.push(...(await sendMany("after", 10)));
    await restartServer();
    sent.push(...(await sendMany("at last", 10)));
    await Promise.all(sent.map(({ mid }) => a.untilMessage(mid, "delivered", "queued", "read")));
    await arrivedAtBob(sent);
  });

  it("survives that the sender's daemon is killed: what `send` answered is sent [P-5.4] [P-5.6]", async () => {
    const sent = await sendMany("first life", 30);
    await alice.stop("SIGKILL");
    alice = await DaemonProcess.start({ home: alice.home });
    a = await alice.view();
    await a.untilState("connected");
    sent.push(...(await sendMany("second life", 5)));
    await arrivedAtBob(sent);
    await a.untilMessage(sent.at(-1)?.mid ?? "", "delivered", "queued");
    const own = await a.history("user:bob");
    assert.deepEqual(
      own.map(({ mid }) => mid),
      sent.map(({ mid }) => mid),
    );
    assert.deepEqual(new Set(own.map(({ state }) => state)).has("sending"), false);
  });

  it("survives that the recipient's daemon is killed in the stream [P-5.1] [P-5.4] [P-5.6]", async () => {
    const sent = await sendMany("one", 15);
    const more = sendMany("two", 30);
    await b.untilReceived("user:alice", 3);
    await bob.stop("SIGKILL");
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    sent.push(...(await more));
    await arrivedAtBob(sent);
    assert.equal(b.contacts.get("user:alice")?.unread, sent.length);
  });

  it("waits in the outbox while the server is away, is shown as sending, and goes by itself", async () => {
    await server.stop();
    const state = await a.untilState("unreachable");
    assert.ok(state.state === "unreachable" && /lost|Nothing listens/.test(state.reason) && state.retryAtMs > 0);
    const [waiting] = await sendMany("offline", 1);
    assert.equal(waiting?.state, "sending");
    server = await startChatServer({ port: server.port, data: server.data });
    await arrivedAtBob([waiting]);
  });

  it("keeps the daemon that has it, also one that nobody looks at, until it is sent", async () => {
    await server.stop();
    const [waiting] = await sendMany("when I was gone", 1);
    await alice.stop("SIGKILL");
    alice = await DaemonProcess.start({ home: alice.home, args: ["--idle-exit-ms", "1"] });
    server = await startChatServer({ port: server.port, data: server.data });
    await arrivedAtBob(waiting ? [waiting] : []);
    assert.equal(await alice.ended, 0);
  });

  it("is offered again by Retry after a final refusal", async () => {
    const lost = await a.send("user:nobody", "hello?");
    const failed = await a.untilMessage(lost.mid, "failed");
    assert.equal(failed.failure?.code, "no_such_user");
    assert.deepEqual(await a.client.request(retry, { conversation: "user:nobody", mid: lost.mid }), { ok: true });
    await a.until("failed again", () => a.changes.filter(({ state }) => state === "failed").length === 2);
  });

  it("moves to another installation: the first is told that it was signed in elsewhere [P-4.1] [P-6.4]", async () => {
    const other = await DaemonProcess.start();
    try {
      const elsewhere = await other.view();
      await elsewhere.signIn(server.port, "bob");
      const ended = await b.untilState("signedOut");
      assert.ok(ended.state === "signedOut" && ended.elsewhere === true);
      assert.equal(ended.reason, "you have logged in at another place.");
      assert.equal(ended.account?.user, "bob");
      const sent = await a.send("user:bob", "to the new place");
      await elsewhere.untilMessage(sent.mid, "received");
      assert.equal((await bob.view()).session.state, "signedOut");
      const refused = await b.client.request(signIn, {
        server: `127.0.0.1:${server.port}`,
        user: "bob",
        password: "no",
      });
      assert.equal(refused.ok ? "ok" : refused.code, "bad_credentials");
    } finally {
      await other.stop();
    }
  });

  it("becomes a device of its own in a copied home, which takes no session from the original and says so", async () => {
    const home = makeHome();
    rmSync(home, { recursive: true });
    const umask = process.umask(0o077);
    cpSync(bob.home, home, { recursive: true, filter: (path) => !/rendezvous|-wal$|-shm$/.test(path) });
    process.umask(umask);
    const copy = await DaemonProcess.start({ home });
    const there = await copy.view();
    assert.equal(there.session.state, "signedOut");
    await there.until("notice", () =>
      there.notices.some((text) => text.includes(`is a copy of ${realpathSync(bob.home)}`)),
    );
    await there.signIn(server.port, "bob");
    const ended = await b.untilState("signedOut");
    assert.ok(ended.state === "signedOut" && ended.elsewhere === true);
    await copy.stop();
  });

  it("begins a new history when the file is damaged, keeps the old one, and says so aloud", async () => {
    await sendMany("lost", 2);
    await b.untilReceived("user:alice", 2);
    await bob.stop();
    const files = readdirSync(bob.home, { recursive: true, encoding: "utf8" });
    for (const name of files.filter((each) => each.endsWith("history.db"))) {
      writeFileSync(join(bob.home, name), "damaged ".repeat(2_000));
    }
    bob = await DaemonProcess.start({ home: bob.home });
    b = await bob.view();
    await b.until("notice", () => b.notices.some((text) => /was damaged\. It was set aside as .*corrupt/.test(text)));
    const sent = await a.send("user:bob", "after the damage");
    await b.untilMessage(sent.mid, "received");
  });
});
