// One's history as a whole, by the real command line: taken out, brought in, deleted, read without a session, and under
// another address of the server.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { historyChanged } from "../../../protocol/api/removal.ts";
import { setRetention } from "../../../protocol/api/removal.ts";
import { search } from "../../../protocol/api/conversation.ts";
import { cliProgram, DaemonProcess, makeHome, runCli } from "../../support/daemon-process.ts";
import type { CliResult, TestView } from "../../support/daemon-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { twoDaemons } from "./two-daemons.ts";

describe("one's history", function () {
  this.timeout(90_000);
  let server: ChatServer;
  let bob: DaemonProcess;
  let a: TestView;
  let b: TestView;
  let folder: string;
  const others: string[] = [];

  before(async () => {
    ({ server, bob, a, b } = await twoDaemons());
    folder = mkdtempSync(join(tmpdir(), "chat-room-archive-"));
  });
  after(async () => {
    for (const home of others) await runCli(home, ["stop"]);
    await DaemonProcess.disposeAll();
    await server.dispose();
    for (const each of [folder, ...others]) rmSync(each, { recursive: true, force: true });
  });

  const run = (...args: string[]): Promise<CliResult> => runCli(bob.home, args);
  const login = (home: string, user: string, ...added: string[]): Promise<CliResult> => {
    const args = ["login", "--server", `127.0.0.1:${server.port}`, "--user", user, "--password-stdin", ...added];
    return runCli(home, args, `secret of ${user}`);
  };
  const filesIn = (home: string): string[] => {
    const names = readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => join(home, name));
    return names.filter((name) => statSync(name).isFile());
  };
  const holds = (home: string, word: string): boolean =>
    filesIn(home).some((name) => readFileSync(name).includes(word));
  const receive = async (...texts: string[]): Promise<void> => {
    for (const text of texts) {
      const { mid } = await a.send("user:bob", text);
      await b.untilMessage(mid, "received");
    }
  };

  it("goes to a file of its own, comes in elsewhere as it was, and no second time", async () => {
    await receive("one", "two\nlines 今天", `three ${"x".repeat(2_000)}`);
    await b.send("user:alice", "an answer");
    const file = join(folder, "bob.jsonl");
    const exported = await run("export", file, "--json");
    assert.deepEqual(JSON.parse(exported.stdout), { file, messages: 4 });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match((await run("export", file)).stderr, /exists already/);
    const printed = await run("export", "-", "alice");
    assert.equal(printed.stdout.split("\n").length, readFileSync(file, "utf8").split("\n").length);
    const home = makeHome();
    others.push(home);
    await login(home, "bob");
    const first = await runCli(home, ["import", file]);
    assert.deepEqual([first.code, first.stdout, first.stderr], [0, "Imported 4 messages.\n", ""]);
    const again = await runCli(home, ["import", file, "--json"]);
    assert.deepEqual(JSON.parse(again.stdout), { messages: 0, changes: 0 });
    const [here, there] = await Promise.all([run("history", "alice"), runCli(home, ["history", "alice"])]);
    assert.equal(there.stdout, here.stdout);
    assert.match((await runCli(home, ["search", "今天"])).stdout, /two\n {4}lines 今天/);
    // It took the session over; the first one comes back.
    await b.signIn(server.port, "bob");
  });

  it("is not exported, and not said to be, where only a part of it has room", function () {
    if (process.platform === "win32") this.skip();
    const path = join(folder, "part.jsonl");
    const limited = (shell: string): SpawnSyncReturns<string> => {
      const env = { ...process.env, CHAT_ROOM_HOME: bob.home };
      return spawnSync("sh", ["-c", shell, process.execPath, cliProgram, path], { encoding: "utf8", env });
    };
    const part = limited('ulimit -f 1; exec "$0" "$1" export "$2"');
    assert.deepEqual([part.status, part.stdout], [1, ""]);
    assert.match(part.stderr, /cannot be written: .*EFBIG/);
    assert.equal(existsSync(path), false);
    const printed = limited('ulimit -f 1; exec "$0" "$1" export - > "$2"');
    assert.equal(printed.status, 1);
    assert.match(printed.stderr, /output cannot be written/);
    if (existsSync("/dev/full")) assert.equal(limited('exec "$0" "$1" history alice > /dev/full').status, 1);
  });

  it("is another account's only if it is said so, and a file that is wrong changes nothing", async () => {
    const home = makeHome();
    others.push(home);
    await login(home, "carol", "--register");
    const file = join(folder, "bob.jsonl");
    const refused = await runCli(home, ["import", file]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /history of bob at .*, and you are carol at .*--as/);
    const whole = readFileSync(file, "utf8");
    for (const [name, text, why] of [
      ["cut", whole.slice(0, -20), /Line \d+/],
      ["half", whole.slice(0, whole.lastIndexOf('{"event":"end"')), /cut off.*Nothing was imported/],
      ["lack", whole.replace(/\{"event":"message".*\n/, ""), /Line \d+: .*lines are missing/],
      ["long", `${whole}${"x".repeat(4_000_000)}`, /Line \d+ is longer than/],
      ["bytes", Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 0x0a])]), /not UTF-8/],
      ["other", '{"hello":1}\n', /no exported history/],
      ["empty", "", /is empty/],
      ["newer", whole.replace('"version":1', '"version":2'), /format version 2/],
      ["proto", `${whole}{"event":"message","__proto__":{}}\n`, /Line \d+: conversation is missing/],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, text);
      const result = await runCli(home, ["import", path, "--as"]);
      assert.equal(result.code, 1, name);
      assert.match(result.stderr, why, name);
    }
    assert.match((await runCli(home, ["import", folder])).stderr, /is no file/);
    assert.match((await runCli(home, ["import", join(folder, "nothing")])).stderr, /cannot be read/);
    assert.equal((await runCli(home, ["history", "alice", "--json"])).stdout, "");
    const adopted = await runCli(home, ["import", file, "--as"]);
    assert.equal(adopted.code, 0, adopted.stderr);
    assert.match((await runCli(home, ["history", "alice"])).stdout, /carol: an answer/);
    assert.deepEqual(
      filesIn(home).filter((name) => name.includes("import-")),
      [],
    );
  });

  it("loses a conversation for good, on this machine alone, and takes what comes later", async () => {
    await receive("a xylophone", "and another xylophone");
    await b.client.request(search, { text: "xylophone" });
    assert.equal(holds(bob.home, "ylophone"), true);
    assert.equal((await run("delete-conversation", "alice")).code, 2);
    const changed = new Promise((resolve) => b.client.on(historyChanged, resolve));
    const deleted = await run("delete-conversation", "alice", "--yes");
    assert.deepEqual([deleted.code, deleted.stdout], [0, "The conversation with alice is deleted.\n"]);
    assert.deepEqual(await changed, { conversation: "user:alice" });
    assert.equal(holds(bob.home, "ylophone"), false);
    assert.deepEqual(await b.history("user:alice"), []);
    assert.notEqual((await a.history("user:bob")).length, 0);
    await receive("hello again");
    assert.deepEqual(
      (await b.history("user:alice")).map(({ text }) => text),
      ["hello again"],
    );
    assert.equal((await run("delete-conversation", "nobody-there", "--yes")).code, 1);
  });

  it("is kept for as long as the person wants", async () => {
    await receive("recent");
    assert.deepEqual(await b.client.request(setRetention, { days: 30 }), { ok: true });
    await receive("later");
    assert.deepEqual(
      (await b.history("user:alice")).map(({ text }) => text),
      ["hello again", "recent", "later"],
    );
    assert.deepEqual(await b.client.request(setRetention, {}), { ok: true });
  });

  it("is the same under another address of the server, and can be read without a session", async () => {
    const { port } = server;
    const args = ["login", "--server", `localhost:${port}`, "--user", "bob", "--password-stdin"];
    const signedIn = await runCli(bob.home, args, "secret of bob");
    assert.match(signedIn.stdout, /Signed in as bob at localhost/);
    assert.match((await run("history", "alice")).stdout, /hello again/);
    await run("logout");
    for (const restart of [false, true]) {
      if (restart) {
        await bob.stop();
        bob = await DaemonProcess.start({ home: bob.home });
      }
      assert.match((await run("history", "alice")).stdout, /hello again/);
      assert.match((await run("search", "HELLO")).stdout, /hello again/);
      assert.match((await run("send", "alice", "hi")).stderr, /Sign in first/);
      const exported = await run("export", "-");
      assert.equal(exported.stdout.split("\n").filter((line) => line.includes('"event":"message"')).length, 3);
    }
  });
});
