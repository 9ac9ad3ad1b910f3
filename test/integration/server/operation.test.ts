// The program as its operator meets it: options, refusals, signals, locks, and the admin commands beside a running server.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../base/sqlite.ts";
import { migrations } from "../../../server/storage/schema.ts";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";
import { skip } from "../../support/skip.ts";

describe("chat-room-server, the program", function () {
  this.timeout(15_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-operation-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const serve = (...args: string[]) => runServerCommand(["serve", "--port", "0", "--data", folder, ...args]);

  describe("starting", () => {
    it("prints where it listens, then the chat:// address, and logs JSON lines without secrets", async () => {
      const server = await startChatServer({ data: folder, args: ["--log-level", "debug"] });
      const alice = await signedIn(server.port, "alice");
      const { token } = await alice.ask({ type: "auth", username: "alice", password: "pw alice" });
      await alice.ask({ type: "message", to: "alice", msg: "the secret text" });
      alice.destroy();
      await server.stop();
      const [ready, address, ...more] = server.output.stdout.split("\n");
      assert.equal(ready, `chat-room-server listening on 127.0.0.1:${server.port}`);
      assert.match(address ?? "", new RegExp(`^chat://127\\.0\\.0\\.1:${server.port}#[\\w-]{43}$`));
      assert.deepEqual(more, [""]);
      for (const line of server.output.stderr.trim().split("\n")) JSON.parse(line);
      for (const secret of [String(token), "pw alice", "the secret text"]) {
        assert.ok(!server.output.stderr.includes(secret));
      }
    });

    it("writes an IPv6 address in brackets", async function () {
      const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
      if (!addresses.some(({ address }) => address === "::1")) skip(this, "this machine has no IPv6");
      const server = await startChatServer({ data: folder, args: ["--host", "::1"] });
      assert.ok(server.output.stdout.startsWith(`chat-room-server listening on [::1]:${server.port}\n`));
      await server.dispose();
    });

    it("keeps what it writes from other users", async () => {
      const data = join(folder, "new");
      const server = await startChatServer({ data });
      await server.dispose();
      assert.equal(statSync(data).mode & 0o077, 0);
      assert.equal(statSync(join(data, "chat-room.db")).mode & 0o077, 0);
    });

    it("keeps what a command writes from other users, also in a folder that they can open", async () => {
      const data = join(folder, "open");
      mkdirSync(data);
      chmodSync(data, 0o755);
      await runServerCommand(["user", "add", "alice", "--data", data, "--password-stdin"], { input: "pw\n" });
      assert.equal(statSync(join(data, "chat-room.db")).mode & 0o077, 0);
    });

    it("serves where it cannot leave its address for others to read, and says so", async () => {
      mkdirSync(join(folder, "address"));
      const server = await startChatServer({ data: folder });
      (await signedIn(server.port, "alice")).destroy();
      await server.stop();
      assert.match(server.output.stderr, /"event":"address_not_left"/);
    });

    it("says what is wrong with a folder that the system does not make, and does not try for ever", async function () {
      if (process.platform !== "linux") skip(this, "only Linux has /proc");
      const { code, stderr } = await runServerCommand(["--port", "0", "--data", "/proc/nope"]);
      assert.equal(code, 1);
      assert.match(stderr, /\/proc\/nope cannot be written to.*--data/);
    });

    it("starts beside a Service of its name, with a key that a volume opened to its group", async () => {
      const env = { CHAT_ROOM_SERVER_PORT: "tcp://10.0.0.7:8765", CHAT_ROOM_SERVER_SERVICE_HOST: "10.0.0.7" };
      const first = await startChatServer({ data: folder, env });
      await first.stop();
      chmodSync(join(folder, "tls-identity.pem"), 0o660);
      const second = await startChatServer({ data: folder, env });
      await second.stop();
      assert.match(second.output.stderr, /"event":"private_file_closed"/);
      assert.equal(statSync(join(folder, "tls-identity.pem")).mode & 0o777, 0o600);
    });

    it("ends with exit code 0 though nobody reads its log or its output", async () => {
      const server = await startChatServer({ data: folder, args: ["--rate", "0"] });
      const client = await signedIn(server.port, "alice");
      const { stdout, stderr } = server.process;
      for (const stream of [stdout, stderr]) stream?.removeAllListeners("data").pause();
      for (let n = 0; n < 1_000; n += 1) await client.ask({ type: "x".repeat(32) });
      const ended = once(server.process, "exit");
      server.process.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null]);
      for (const stream of [stdout, stderr]) stream?.resume();
      await server.ended;
    });

    it("prints help and version with exit code 0", async () => {
      const help = await runServerCommand(["--help"]);
      const version = await runServerCommand(["--version"]);
      assert.deepEqual([help.code, version.code], [0, 0]);
      assert.ok(help.stdout.includes("--registration"));
      assert.match(version.stdout, /^chat-room-server \d+\.\d+\.\d+/);
    });

    const misuses: [string, string[], string][] = [
      ["an unknown option", ["--colour", "red"], "--colour"],
      ["an unknown command", ["dance"], "dance"],
      ["a port that is none", ["--port=70000"], "--port"],
      ["a registration word that is none", ["--registration", "sometimes"], "--registration"],
      ["a password cost that is none", ["--password-cost", "lots"], "--password-cost"],
      ["an option of other commands", ["--uses", "2"], "--uses"],
      ["an unknown invite command", ["invite", "send"], "invite create"],
      ["a log level that is none", ["--log-level", "loud"], "--log-level"],
      ["an option without its value", ["--data"], "--data"],
      ["a certificate without its key", ["--tls-cert", "cert.pem"], "--tls-key"],
      ["a config file that is not there", ["--config", "/nowhere.json"], "/nowhere.json"],
      ["an unknown user command", ["user", "promote", "alice"], "user add"],
    ];
    for (const [what, args, named] of misuses) {
      it(`refuses ${what} with exit code 2 and a sentence that names it`, async () => {
        const { code, stderr } = await runServerCommand(args, { env: { CHAT_ROOM_HOME: folder } });
        assert.equal(code, 2);
        assert.ok(stderr.includes(named), stderr);
        assert.equal(stderr.trim().split("\n").length, 1);
      });
    }

    it("says what to do when the port is in use, with exit code 1", async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      const { code, stderr } = await runServerCommand(["--data", folder, "--port", String(port)]);
      other.close();
      assert.equal(code, 1);
      assert.match(stderr, /--port/);
    });

    it("refuses a second server on the same data folder, and none after the first was killed", async () => {
      const first = await startChatServer({ data: folder });
      const { code, stderr } = await serve();
      assert.equal(code, 1);
      assert.match(stderr, /Another server is running/);
      await first.stop("SIGKILL");
      const second = await startChatServer({ data: folder });
      await second.dispose();
    });

    it("refuses a data folder that is a file, a corrupt database and a newer one", async () => {
      writeFileSync(join(folder, "file"), "");
      const file = await runServerCommand(["--port", "0", "--data", join(folder, "file")]);
      const corrupt = join(folder, "corrupt");
      mkdirSync(corrupt);
      writeFileSync(join(corrupt, "chat-room.db"), "this is no database, and long enough to be read as one".repeat(40));
      const broken = await runServerCommand(["--port", "0", "--data", corrupt]);
      const newer = join(folder, "newer");
      mkdirSync(newer);
      const database = new DatabaseSync(join(newer, "chat-room.db"));
      database.exec("PRAGMA user_version = 99");
      database.close();
      const future = await runServerCommand(["--port", "0", "--data", newer]);
      assert.deepEqual([file.code, broken.code, future.code], [1, 3, 3]);
      assert.match(file.stderr, /--data/);
      assert.match(broken.stderr, /backup/);
      assert.match(future.stderr, /newer version/);
      for (const data of [corrupt, newer]) {
        assert.equal((await runServerCommand(["user", "list", "--data", data])).code, 3);
      }
    });

    it("refuses a database that cannot be brought forward, with one copy of it however often it starts", async () => {
      const database = openDatabase(join(folder, "chat-room.db"), migrations.slice(0, 3));
      database.exec("ALTER TABLE letter ADD COLUMN ref_kind TEXT");
      database.close();
      for (let start = 0; start < 3; start += 1) {
        const { code, stderr } = await serve();
        assert.equal(code, 3);
        assert.match(stderr, /could not be brought forward from schema version 3 .* Nothing was changed/);
      }
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.includes("backup")),
        ["chat-room.db.v3-backup"],
      );
    });

    it("refuses a data folder that others can write to, and a key that others can read", async () => {
      chmodSync(folder, 0o777);
      const open = await serve();
      chmodSync(folder, 0o700);
      writeFileSync(join(folder, "tls-identity.pem"), "", { mode: 0o644 });
      chmodSync(join(folder, "tls-identity.pem"), 0o644);
      const key = await serve();
      assert.deepEqual([open.code, key.code], [3, 3]);
      assert.match(open.stderr, /Others can write to the data folder .* chmod go-w/);
    });

    it("waits for a command that has the folder, as a command waits for it", async () => {
      const adding = runServerCommand(["user", "add", "alice", "--password-stdin", "--data", folder], {
        input: "pw\n",
      });
      const server = await startChatServer({ data: folder });
      assert.equal((await adding).code, 0);
      assert.equal((await runServerCommand(["user", "list", "--data", folder])).stdout, "alice\n");
      await server.dispose();
    });
  });

  describe("stopping", () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      it(`stops at ${signal} with exit code 0, its sessions closed and what was under way stored`, async () => {
        const server = await startChatServer({ data: folder });
        const alice = await signedIn(server.port, "alice");
        const bob = await signedIn(server.port, "bob", { acks: true });
        bob.acknowledges = false;
        alice.send({ type: "message", to: "bob", msg: "under way", id: 1 });
        await bob.push("message");
        const stopped = server.stop(signal);
        assert.equal((await alice.answer(1))["delivery"], "queued");
        assert.equal((await stopped).code, 0);
        await Promise.all([alice.closed, bob.closed]);
      });
    }

    it("ends although the disk hangs, within the 10 seconds that a supervisor waits for", async function () {
      this.timeout(30_000);
      if (process.platform === "win32") skip(this, "there are no named pipes in the file system");
      const server = await startChatServer({ data: folder });
      const alice = await signedIn(server.port, "alice");
      // The next entry of the audit log waits for a reader that never comes, as a write to a disk that went away does.
      rmSync(join(folder, "audit.log"));
      execFileSync("mkfifo", [join(folder, "audit.log")]);
      const hanging = await LineClient.open(server.port);
      hanging.send({ type: "register", username: "bob", password: "pw" });
      const database = new DatabaseSync(join(folder, "chat-room.db"), { readOnly: true });
      const accounts = () => database.prepare("SELECT count(*) AS n FROM account").get()?.["n"];
      while (accounts() !== 2) await alice.ask({ type: "alive" });
      database.close();
      assert.equal((await alice.ask({ type: "message", to: "alice", msg: "needs no disk" }))["result"], "ok");
      assert.deepEqual(await server.stop(), { code: null, signal: "SIGKILL" });
      assert.match(server.output.stderr, /"event":"storage_stuck"/);
    });

    it("stops when the IPC channel of its parent is gone", async () => {
      const server = await startChatServer({ data: folder, ipc: true });
      server.process.disconnect();
      assert.equal((await server.ended).code, 0);
    });
  });

  it("gives back what its start took once it is at rest", async () => {
    const server = await startChatServer({ data: folder, args: ["--log-level", "debug"] });
    const line = /"bytes":(-?\d+),.*"memory_given_back"/;
    await new Promise<void>((resolve) => {
      server.process.stderr?.on("data", () => line.test(server.output.stderr) && resolve());
    });
    assert.ok(Number(line.exec(server.output.stderr)?.[1]) > 0);
    await server.dispose();
  });

  it("ends where it cannot start, also with the IPC channel of a parent", async () => {
    const first = await startChatServer({ data: folder });
    await assert.rejects(
      startChatServer({ port: first.port, ipc: true }),
      /ended with 1[^]*Another program uses that port/,
    );
    await first.dispose();
  });

  describe("options from three places", () => {
    it("takes a flag before the environment, and that before the config file", async () => {
      const config = join(folder, "config.json");
      writeFileSync(config, JSON.stringify({ registration: "closed", classic: true, "log-level": "error" }));
      const env = { CHAT_ROOM_SERVER_CONFIG: config, CHAT_ROOM_SERVER_LOG_LEVEL: "info" };
      const server = await startChatServer({ data: folder, env, args: ["--registration", "open"] });
      const client = await LineClient.open(server.port);
      assert.equal((await client.ask({ type: "register", username: "a", password: "b" }))["result"], "ok");
      client.destroy();
      await server.dispose();
      assert.match(server.output.stderr, /"event":"started"/);
    });
  });

  describe("admin commands beside a running server", () => {
    let server: ChatServer;
    const user = (args: string[], input = "") => runServerCommand(["user", ...args, "--data", folder], { input });

    beforeEach(async () => {
      server = await startChatServer({ data: folder, args: ["--registration", "closed"] });
    });
    afterEach(() => server.dispose());

    async function signIn(password: string, username = "alice"): Promise<[LineClient, unknown]> {
      const client = await LineClient.open(server.port);
      return [client, (await client.ask({ type: "auth", username, password }))["result"]];
    }

    it("adds an account that can sign in at once", async () => {
      const added = await user(["add", "alice", "--password-stdin"], "secret\n");
      assert.deepEqual([added.code, added.stderr], [0, ""]);
      const [client, result] = await signIn("secret");
      assert.equal(result, "ok");
      assert.equal((await user(["list"])).stdout, "alice\n");
      client.destroy();
    });

    it("refuses a taken name, a bad one, an empty password and an unknown user with exit code 1", async () => {
      await user(["add", "alice", "--password-stdin"], "secret\n");
      const codes = [
        await user(["add", "ALICE", "--password-stdin"], "x\n"),
        await user(["add", "a b", "--password-stdin"], "x\n"),
        await user(["add", "bob", "--password-stdin"], "\n"),
        await user(["passwd", "bob", "--password-stdin"], "x\n"),
        await user(["remove", "bob"]),
      ].map(({ code }) => code);
      assert.deepEqual(codes, [1, 1, 1, 1, 1]);
    });

    it("asks for --password-stdin where there is no terminal", async () => {
      const { code, stderr } = await user(["add", "alice"]);
      assert.equal(code, 2);
      assert.match(stderr, /--password-stdin/);
    });

    it("ends the session when the password is changed, and takes the new one", async () => {
      await user(["add", "alice", "--password-stdin"], "old\n");
      const [client] = await signIn("old");
      await user(["passwd", "alice", "--password-stdin"], "new\n");
      await client.push("kill");
      await client.closed;
      const [again, result] = await signIn("old");
      assert.equal(result, "fail");
      const [third, ok] = await signIn("new");
      assert.equal(ok, "ok");
      again.destroy();
      third.destroy();
    });

    it("removes an account with its session, mailbox and blocks", async () => {
      for (const name of ["alice", "bob"]) await user(["add", name, "--password-stdin"], "pw\n");
      const [alice] = await signIn("pw");
      await alice.ask({ type: "block", target: "bob" });
      const [bob] = await signIn("pw", "bob");
      await bob.ask({ type: "logout" });
      await alice.ask({ type: "message", to: "bob", msg: "waits" });
      await user(["remove", "bob"]);
      assert.equal((await alice.ask({ type: "message", to: "bob", msg: "x" }))["code"], "no_such_user");
      await user(["add", "bob", "--password-stdin"], "pw\n");
      assert.deepEqual((await alice.ask({ type: "blocked" }))["users"], []);
      const [newBob] = await signIn("pw", "bob");
      await newBob.ask({ type: "alive" });
      assert.deepEqual(newBob.waitingPushes, []);
      await user(["remove", "alice"]);
      await alice.push("kill");
      await alice.closed;
      for (const client of [bob, newBob]) client.destroy();
    });

    it("acts as the owner of the folder if an administrator runs it", async function () {
      if (process.getuid?.() !== 0) skip(this, "only an administrator can");
      const data = join(folder, "of-a-service");
      mkdirSync(data, { mode: 0o700 });
      // As systemd keeps it: nobody but root finds it by its path.
      chownSync(data, 12_345, 12_345);
      const args = ["user", "add", "zoe", "--password-stdin", "--data", data];
      assert.equal((await runServerCommand(args, { input: "pw\n" })).code, 0);
      assert.deepEqual(new Set(readdirSync(data).map((name) => statSync(join(data, name)).uid)), new Set([12_345]));
    });

    it("makes accounts in a folder where no server ever ran", async () => {
      const data = join(folder, "elsewhere");
      const args = ["user", "add", "zoe", "--password-stdin", "--data", data];
      assert.equal((await runServerCommand(args, { input: "pw\n" })).code, 0);
      assert.ok(existsSync(join(data, "chat-room.db")));
    });
  });
});
