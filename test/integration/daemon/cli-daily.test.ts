// What a person does every day at the command line beside sending: looking what is unread, changing what was sent, going between
// accounts, waiting for messages.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { makeHome, runCli, startCli } from "../../support/daemon-process.ts";
import type { CliResult } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("the command line from day to day", function () {
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
  const json = async (result: Promise<CliResult>): Promise<unknown> => JSON.parse(await done(result));
  const login = async (home: string, user: string, ...more: string[]): Promise<void> => {
    const args = ["login", "--server", `127.0.0.1:${server.port}`, "--user", user, ...more, "--password-stdin"];
    await done(runCli(home, args, "secret\n"));
  };

  before(async () => {
    server = await startChatServer();
    await login(alice, "alice", "--register");
    await login(bob, "bob", "--register");
  });
  after(async () => {
    await Promise.all([a("stop"), b("stop")]);
    await server.dispose();
    for (const home of [alice, bob]) rmSync(home, { recursive: true, force: true });
  });

  it("says what is unread, marks it as read, and leaves muted conversations out of the sum", async () => {
    assert.equal(await done(b("unread")), "Nothing is unread.\n");
    for (const text of ["one", "two"]) await done(a("send", "bob", text));
    await done(a("broadcast", "to all"));
    assert.equal(await done(b("unread")), "1  everyone\n2  alice\n");
    await done(b("mute", "alice"));
    assert.equal(await done(b("unread")), "1  everyone\n2  alice (muted)\n");
    assert.deepEqual(await json(b("unread", "--json")), {
      unread: 1,
      conversations: [
        { conversation: "everyone", name: "", unread: 1, muted: false },
        { conversation: "user:alice", name: "alice", unread: 2, muted: true },
      ],
    });
    await done(b("unmute", "alice"));
    assert.equal(await done(b("mark-read", "alice")), "Read: 2.\n");
    assert.equal(await done(b("unread")), "1  everyone\n");
    assert.deepEqual(await json(b("mark-read", "--all", "--json")), { ok: true, messages: 1 });
    assert.equal(await done(b("unread")), "Nothing is unread.\n");
    const unknown = await b("mark-read", "nobody");
    assert.deepEqual([unknown.code, unknown.stderr], [1, "There is no user nobody on this server.\n"]);
  });

  it("knows what is unread as soon as the daemon has started", async () => {
    await done(a("send", "bob", "three"));
    await done(b("stop"));
    assert.equal(await done(b("unread")), "1  alice\n");
  });

  it("changes the last own message, or the one that is named, on both sides", async () => {
    await done(a("send", "bob", "lnuch?"));
    const [first] = (await done(a("history", "bob", "--json"))).split("\n");
    const { mid } = JSON.parse(first ?? "") as { mid: string };
    assert.match(await done(a("edit", "bob", "lunch?")), /^Changed\. It was: \S+ \S+ alice: lnuch\?\n$/);
    assert.deepEqual(await json(a("edit", "bob", "one, mended", "--mid", mid, "--json")), { ok: true, mid });
    await until(async () => {
      const history = await done(b("history", "alice"));
      return history.includes("lunch? (edited)") && history.includes("one, mended (edited)");
    });
    const strange = await a("edit", "bob", "x", "--mid", "nope");
    assert.deepEqual([strange.code, strange.stderr], [1, "No message of yours has that id.\n"]);
    const none = await b("edit", "alice", "x");
    assert.deepEqual([none.code, none.stderr], [1, "There is no message of yours here.\n"]);
  });

  it("takes the last own message back, after a question, or with --yes", async () => {
    const unasked = await a("delete-message", "bob");
    assert.deepEqual([unasked.code, unasked.stderr], [2, "Say --yes where nobody can be asked.\n"]);
    assert.match(await done(a("delete-message", "bob", "--yes")), /^Taken back: .*lunch\?/);
    await until(async () => (await done(b("history", "alice"))).endsWith("alice: (deleted)\n"));
    assert.match(await done(a("delete-message", "bob", "--yes")), /^Taken back: .*three/);
  });

  it("lists the accounts of this machine, and goes from one to the other", async () => {
    await login(alice, "carol", "--register");
    const address = `127.0.0.1:${server.port}`;
    assert.equal(await done(a("accounts")), `* carol@${address}\n  alice@${address}\n`);
    assert.equal(await done(a("switch", "ALICE")), `alice@${address} is in use.\n`);
    const { accounts } = (await json(a("accounts", "--json"))) as { accounts: { account: { user: string } }[] };
    assert.deepEqual(
      accounts.map(({ account }) => account.user),
      ["alice", "carol"],
    );
    assert.equal((await a("switch", `carol@${address}`)).code, 0);
    await done(a("logout"));
    await done(a("switch", "alice"));
    const ended = await a("switch", "carol");
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /carol/);
    const unknown = await a("switch", "nobody");
    assert.deepEqual([unknown.code, unknown.stderr.startsWith("nobody is no account")], [1, true]);
  });

  it("completes the names of contacts while a daemon runs, and starts none for it", async () => {
    assert.match(await done(a("completion", "bash")), /^_chat_room\(\)/);
    assert.equal(await done(a("completion", "words", "--", "send", "B")), "bob\n");
    assert.match(await done(a("completion", "words", "--", "switch", "al")), /^alice@127\.0\.0\.1:\d+\n$/);
    assert.match(await done(a("completion", "words", "--", "unr")), /^unread\twhich conversations/);
    assert.equal(await done(a("completion", "words", "--", "import", "")), ":files\n");
    const home = makeHome();
    assert.equal(await done(runCli(home, ["completion", "words", "--", "send", ""])), "");
    assert.deepEqual(await json(runCli(home, ["status", "--json"])), { running: false });
    rmSync(home, { recursive: true, force: true });
    assert.equal((await a("completion", "tcsh")).code, 2);
  });

  it("helps with one command, wherever the word or the option stands", async () => {
    const help = await done(a("help", "edit"));
    assert.match(help, /^Usage: chat-room edit \(NAME \| --everyone\)/);
    for (const args of [
      ["edit", "--help"],
      ["edit", "-h"],
      ["-h", "edit"],
    ])
      assert.equal(await done(a(...args)), help);
    assert.equal(await done(a("-h")), await done(a("help")));
    assert.equal((await a("help", "nope")).code, 2);
  });

  describe("waiting for messages", () => {
    const tails: ChildProcess[] = [];
    afterEach(() => tails.splice(0).forEach((each) => each.kill("SIGKILL")));

    interface Tail {
      readonly process: ChildProcess;
      readonly said: { stdout: string; stderr: string };
      readonly ended: Promise<number | null>;
    }

    async function tail(home: string, ...args: string[]): Promise<Tail> {
      const child = startCli(home, ["tail", ...args]);
      tails.push(child);
      const said = { stdout: "", stderr: "" };
      child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
      child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      await until(() => said.stderr.includes("Waiting for messages"));
      return { process: child, said, ended };
    }

    it("prints an own message once, when it is known what became of it", async () => {
      const { said, process } = await tail(alice);
      await done(a("send", "bob", "mine"));
      await until(() => said.stdout !== "");
      await done(b("send", "alice", "yours"));
      await until(() => said.stdout.includes("yours"));
      assert.match(said.stdout, /^\S+ \S+ alice: mine\n\S+ \S+ bob: yours\n$/);
      process.kill("SIGINT");
    });

    it("goes on with the daemon that takes over, and with what came meanwhile", async () => {
      const { said, process } = await tail(bob, "alice");
      const { pid } = (await json(b("status", "--json"))) as { pid: number };
      globalThis.process.kill(pid, "SIGKILL");
      await done(a("send", "bob", "while it was away"));
      await done(b("history", "alice"));
      await until(() => said.stdout.includes("while it was away"));
      await done(a("send", "bob", "and after"));
      await until(() => said.stdout.includes("and after"));
      assert.match(said.stdout, /^\S+ \S+ alice: while it was away\n\S+ \S+ alice: and after\n$/);
      process.kill("SIGINT");
    });

    it("ends with a sentence where the session ends", async () => {
      const { said, ended } = await tail(bob);
      await done(b("logout"));
      assert.equal(await ended, 1);
      assert.match(said.stderr, /Signed out\. Run tail again after a login\.\n$/);
      await login(bob, "bob");
    });

    it("ends with a sentence where the session goes on at another place", async () => {
      const { said, ended } = await tail(bob);
      const elsewhere = makeHome();
      await login(elsewhere, "bob");
      assert.equal(await ended, 1);
      assert.match(said.stderr, /Run tail again after a login\.\n$/);
      await runCli(elsewhere, ["stop"]);
      rmSync(elsewhere, { recursive: true, force: true });
      await login(bob, "bob");
    });

    it("ends with a sentence where the daemon was stopped, and starts none", async () => {
      const { said, ended } = await tail(bob);
      await done(b("stop"));
      assert.equal(await ended, 1);
      assert.match(said.stderr, /The daemon has ended\. Run tail again to go on\.\n$/);
      assert.deepEqual(await json(b("status", "--json")), { running: false });
    });
  });
});

/** Looks again and again for 15 s. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 15_000;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error("not seen in time");
    await sleep(50);
  }
}
