import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { connectOnly } from "../../../base/rendezvous/connect.ts";
import { DaemonConnection } from "../../../cli/connection/daemon-connection.ts";
import { react } from "../../../protocol/conversations/kinds/reaction.ts";
import { editorProtocol } from "../../../protocol/api/api-version.ts";
import { makeHome, runCli, startCli } from "../../support/daemon-process.ts";
import type { CliResult } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { rmSync } from "node:fs";

describe("the command line", function () {
  this.timeout(90_000);
  let server: ChatServer;
  const alice = makeHome();
  const bob = makeHome();

  const a = (...args: string[]): Promise<CliResult> => runCli(alice, args);
  const b = (...args: string[]): Promise<CliResult> => runCli(bob, args);
  const done = async (result: Promise<CliResult>): Promise<string> => {
    const { code, stdout, stderr } = await result;
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout;
  };
  const json = async (result: Promise<CliResult>): Promise<Record<string, unknown>> => {
    return JSON.parse(await done(result)) as Record<string, unknown>;
  };
  const login = (home: string, user: string): Promise<CliResult> => {
    const args = ["login", "--server", `127.0.0.1:${server.port}`, "--user", user, "--register", "--password-stdin"];
    return runCli(home, args, `secret of ${user}\n`);
  };

  before(async () => (server = await startChatServer()));
  after(async () => {
    await Promise.all([a("stop"), b("stop")]);
    await server.dispose();
    for (const home of [alice, bob]) rmSync(home, { recursive: true, force: true });
  });

  it("prints its help and version without a daemon, and refuses wrong usage with 2", async () => {
    assert.match(await done(a("--help")), /^Usage: chat-room COMMAND/);
    assert.match(await done(a("--version")), /^\d+\.\d+\.\d+/);
    const wrong = await a("sned", "bob");
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /no command "sned"/);
    assert.equal(await connectOnly({ folder: alice, build: 0, protocol: editorProtocol }), undefined);
  });

  it("says that nothing runs and nobody is signed in", async () => {
    assert.deepEqual(await json(a("status", "--json")), { running: false });
    const refused = await a("online", "--json");
    assert.equal(refused.code, 1);
    assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, "not_authenticated");
  });

  it("signs in with a password from the standard input, and never from an argument", async () => {
    assert.match(await done(login(alice, "alice")), /^Signed in as alice at 127/);
    await done(login(bob, "bob"));
    assert.equal((await a("login", "--password", "x")).code, 2);
    const silent = await a("login", "--user", "alice");
    assert.deepEqual([silent.code, silent.stdout], [2, ""]);
    const wrong = await runCli(alice, ["login", "--server", `127.0.0.1:${server.port}`, "--password-stdin"], "wrong");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /name or the password is wrong/);
    const status = (await json(a("status", "--json"))) as { running: boolean; session: { state: string } };
    assert.deepEqual([status.running, status.session.state], [true, "connected"]);
    assert.match(await done(a("status")), /^Signed in as alice at .*\nYour status: available\n/);
  });

  it("sends words, and what is piped in; the other one reads both in order", async () => {
    assert.equal(await done(a("send", "bob", "hello", "there")), "Delivered.\n");
    assert.equal(await done(runCli(alice, ["send", "BOB", "-", "--text"], "line 1\nline 2\n")), "Delivered.\n");
    const history = await done(b("history", "alice"));
    assert.match(history, /^\S+ \S+ alice: hello there\n\S+ \S+ alice: line 1\n {4}line 2\n$/);
    const last = await json(b("history", "alice", "--json", "--limit", "1"));
    assert.deepEqual(
      [last["text"], last["from"], last["own"], last["state"]],
      ["line 1\nline 2", "alice", false, "received"],
    );
  });

  it("sends a diff that is piped in as a block of code, and what is too long in parts", async () => {
    const diff = "diff --git a/x b/x\n-    # a\n+    * b\n";
    assert.equal(await done(runCli(alice, ["send", "bob", "-"], diff)), "Delivered.\n");
    const [last] = await Promise.all([json(b("history", "alice", "--json", "--limit", "1"))]);
    assert.equal(last["text"], `\`\`\`diff\n${diff}\`\`\``);
    const log = "a line of a log\n".repeat(8_000);
    const refused = await runCli(alice, ["send", "bob"], log);
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /Add --split to send it as 3 numbered messages/);
    const split = await done(runCli(alice, ["send", "bob", "--split"], log));
    assert.equal(split, "1/3: Delivered.\n2/3: Delivered.\n3/3: Delivered.\n");
    const texts = (await done(b("history", "alice", "--json", "--limit", "3"))).trim().split("\n");
    const [first, , third] = texts.map((line) => (JSON.parse(line) as { text: string }).text);
    assert.match(first ?? "", /^\(1\/3\)\n```\na line/);
    assert.match(third ?? "", /^\(3\/3\)\n```\na line/);
    const latin = await runCli(alice, ["send", "bob"], Buffer.from("gr\u00fcn", "latin1"));
    assert.deepEqual([latin.code, latin.stdout], [1, ""]);
    assert.match(latin.stderr, /^The input is not UTF-8 text\./);
  });

  it("fails with the reason where a message cannot be sent", async () => {
    const unknown = await a("send", "nobody", "hi");
    assert.deepEqual([unknown.code, unknown.stderr], [1, "There is no user nobody on this server.\n"]);
    await done(b("block", "alice"));
    const refused = await a("send", "bob", "hi", "--json");
    assert.equal(refused.code, 1);
    assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, "blocked");
    await done(b("unblock", "alice"));
    const empty = await runCli(alice, ["send", "bob"], "");
    assert.deepEqual([empty.code, empty.stderr], [1, "The message is empty.\n"]);
  });

  it("prints who is online, and broadcasts", async () => {
    assert.deepEqual(await json(a("online", "--json")), { users: ["alice", "bob"] });
    assert.equal(await done(a("broadcast", "to", "all")), "Delivered.\n");
    assert.match(await done(b("history", "--everyone")), /alice: to all\n$/);
  });

  it("prints messages as they come, without what would rewrite the terminal (CWE-150), until interrupted", async () => {
    const tail = startCli(bob, ["tail", "alice"]);
    const { stdout, stderr } = tail;
    assert.ok(stdout && stderr);
    await new Promise((resolve) => stderr.once("data", resolve));
    const line = new Promise<string>((resolve) => createInterface({ input: stdout }).once("line", resolve));
    await done(a("broadcast", "not in this conversation"));
    await done(a("send", "bob", "evil \u001b[2J\u202e text"));
    assert.match(await line, /alice: evil .\[2J. text$/u);
    assert.doesNotMatch(await line, /[\p{Cc}\p{Cf}]/u);
    const ended = new Promise((resolve) => tail.once("close", resolve));
    tail.kill("SIGINT");
    assert.equal(await ended, 0);
  });

  it("prints no message again because something about it changed", async () => {
    const tail = startCli(bob, ["tail"]);
    const { stdout, stderr } = tail;
    assert.ok(stdout && stderr);
    await new Promise((resolve) => stderr.once("data", resolve));
    const line = new Promise<string>((resolve) => createInterface({ input: stdout }).once("line", resolve));
    const socket = await connectOnly({ folder: alice, build: 0, protocol: editorProtocol });
    assert.ok(socket);
    const client = new DaemonConnection(socket);
    assert.ok((await client.request(react, { conversation: "user:bob", seq: 1, emoji: "👍", on: true })).ok);
    client.close();
    assert.equal(await done(a("send", "bob", "after a reaction")), "Delivered.\n");
    assert.match(await line, /alice: after a reaction$/);
    tail.kill("SIGINT");
  });

  it("ends what waits for messages where another account is signed in", async () => {
    const home = makeHome();
    try {
      await done(login(home, "carol"));
      const tail = startCli(home, ["tail"]);
      const { stderr } = tail;
      assert.ok(stderr);
      let said = "";
      await new Promise((resolve) => stderr.setEncoding("utf8").on("data", (text: string) => resolve((said += text))));
      const ended = new Promise((resolve) => tail.once("close", resolve));
      await done(login(home, "dave"));
      assert.equal(await ended, 1);
      assert.match(said, /Another account is signed in now/);
    } finally {
      await runCli(home, ["stop"]);
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("says that a message waits in the outbox, or at the server", async () => {
    await done(b("logout"));
    assert.match(await done(a("send", "bob", "you are out")), /^Queued at the server/);
    await server.stop();
    assert.match(await done(a("send", "bob", "the server is out")), /^In the outbox/);
    assert.match(await done(a("status")), /without a connection[\s\S]*In the outbox: 1/);
    assert.match(await done(a("logout")), /^Signed out\. Not sent yet: 1\./);
  });

  it("stops the daemon, once", async () => {
    assert.equal(await done(a("stop")), "The daemon has ended.\n");
    assert.deepEqual(await json(a("stop", "--json")), { wasRunning: false });
  });
});
