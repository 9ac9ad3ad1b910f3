// Who may make an account and sign in, on a real server: invitations beside it, back-off, the cost of passwords.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { turnLimits } from "../../../server/storage/passwords.ts";
import { LineClient, signedIn } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

const cheap = ["--password-cost", "8,1"];

describe("accounts on a running server", function () {
  this.timeout(30_000);
  let folder: string;
  let server: ChatServer | undefined;
  const clients: LineClient[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-accounts-"));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await server?.dispose();
    rmSync(folder, { recursive: true });
  });

  async function start(...args: string[]): Promise<number> {
    server = await startChatServer({ data: folder, args });
    return server.port;
  }
  async function open(port: number): Promise<LineClient> {
    const client = await LineClient.open(port);
    clients.push(client);
    return client;
  }
  const invite = (...args: string[]) => runServerCommand(["invite", ...args, "--data", folder]);
  const codeOf = (stdout: string) => /^invitation (\S+)$/m.exec(stdout)?.[1] ?? "";

  describe("with --registration invite", () => {
    it("makes exactly as many as an invitation is good for, out of a race of many [P-4.10]", async () => {
      const port = await start("--registration", "invite", ...cheap);
      const made = await invite("create", "--uses", "3");
      const code = codeOf(made.stdout);
      const address = server?.output.stdout.trim().split("\n")[1] ?? "";
      assert.deepEqual([made.code, made.stderr], [0, ""]);
      const link = `vscode://chat-room.chat-room/join?server=${encodeURIComponent(address)}&invite=${code}`;
      assert.ok(made.stdout.includes(`\nserver ${address}\n${link}\n`), made.stdout);
      const racing = Array.from({ length: 12 }, async (_, index) => {
        const client = await open(port);
        const answer = await client.ask({ type: "register", username: `u${index}`, password: "pw", invite: code });
        return answer["code"] ?? answer["result"];
      });
      const results = await Promise.all(racing);
      assert.equal(results.filter((result) => result === "ok").length, 3);
      assert.equal(results.filter((result) => result === "bad_invite").length, 9);
      assert.match((await invite("list")).stdout, /^[0-9a-f]{8} {2}used 3 of 3 {2}until \d{4}-/);
    });

    it("refuses a missing, unknown, revoked and used up one with bad_invite, at once [P-4.10]", async () => {
      const port = await start("--registration", "invite", ...cheap);
      const client = await open(port);
      const register = async (username: string, code?: string) => {
        const answer = await client.ask({ type: "register", username, password: "pw", invite: code });
        return answer["code"] ?? answer["result"];
      };
      const [first, second] = [codeOf((await invite("create")).stdout), codeOf((await invite("create")).stdout)];
      assert.equal(await register("a"), "bad_invite");
      assert.equal(await register("a", "0123456789abcdef0123456789abcdef"), "bad_invite");
      assert.equal((await invite("revoke", first)).code, 0);
      assert.equal((await invite("revoke", first)).code, 1);
      assert.equal(await register("a", first), "bad_invite");
      assert.equal(await register("a", second), "ok");
      assert.equal(await register("b", second), "bad_invite");
    });

    it("is what a closed server is not, and an open one does not need [P-4.10]", async () => {
      const code = codeOf((await invite("create", "--uses", "9", "--expires", "never")).stdout);
      const port = await start("--registration", "closed", ...cheap);
      const client = await open(port);
      const answer = await client.ask({ type: "register", username: "a", password: "pw", invite: code });
      assert.equal(answer["code"], "registration_closed");
    });

    it("names what is wrong with a command, and prints no link where no server ever ran", async () => {
      const wrong = [
        ["create", "--uses", "0"],
        ["create", "--expires", "soon"],
        ["create", "x"],
        ["create", "--server", "chat://chat.example.com:8765#PIN"],
        ["create", "--server", "chat.example.com"],
        ["revoke"],
        ["dance"],
      ];
      for (const args of wrong) assert.equal((await invite(...args)).code, 2, args.join(" "));
      assert.equal((await invite("list", "--uses", "1")).code, 2);
      const bare = await invite("create");
      assert.equal(bare.stdout.trim().split("\n").length, 2);
      const pin = "p".repeat(43);
      const named = await invite("create", "--server", `chat://chat.example.com:1#${pin}`);
      assert.ok(named.stdout.includes(`server=chat%3A%2F%2Fchat.example.com%3A1%23${pin}&invite=`));
    });
  });

  it("raises the cost of a password at the next login [P-8.7]", async () => {
    const stored = () => {
      const database = new DatabaseSync(join(folder, "chat-room.db"), { readOnly: true });
      const row = database.prepare("SELECT password FROM account").get();
      database.close();
      return String(row?.["password"]);
    };
    clients.push(await signedIn(await start(...cheap), "alice"));
    assert.match(stored(), /m=8192,t=1/);
    await server?.stop();
    clients.push(await signedIn(await start("--password-cost", "9,2"), "alice"));
    while (!/m=9216,t=2/.test(stored())) await new Promise((resolve) => setTimeout(resolve, 20));
    await server?.stop();
    clients.push(await signedIn(await start("--password-cost", "9,2"), "alice"));
    assert.match(stored(), /m=9216,t=2/);
  });

  it("throttles guesses at an account and never its token; passwd lifts it [P-8.8]", async () => {
    const port = await start(...cheap);
    const alice = await open(port);
    await alice.ask({ type: "register", username: "alice", password: "pw" });
    const { token } = await alice.ask({ type: "auth", username: "alice", password: "pw" });
    const guesser = await open(port);
    const guess = async (password: string) => {
      const answer = await guesser.ask({ type: "auth", username: "alice", password });
      return answer["code"] ?? answer["result"];
    };
    for (let round = 0; round < 3; round += 1) assert.equal(await guess("wrong"), "bad_credentials");
    assert.equal(await guess("pw"), "throttled");
    const again = await open(port);
    assert.equal((await again.ask({ type: "auth", token }))["result"], "ok");
    await runServerCommand(["user", "passwd", "alice", "--password-stdin", "--data", folder], { input: "new\n" });
    assert.equal(await guess("new"), "ok");
  });

  it("answers busy when too many passwords wait, and goes on with others meanwhile [P-8.7]", async () => {
    const port = await start();
    const alice = await signedIn(port, "alice");
    clients.push(alice);
    const busy = new Promise<void>((resolve) => {
      for (let each = 0; each < turnLimits.waitingOfGroup.unknown + 40; each += 1) {
        void open(port)
          .then((client) => client.ask({ type: "auth", username: `nobody${each}`, password: "x" }))
          .then((answer) => answer["code"] === "busy" && resolve())
          // Those that still wait when the test ends.
          .catch(() => undefined);
      }
    });
    await busy;
    assert.equal((await alice.ask({ type: "message", to: "alice", msg: "still here" }))["result"], "ok");
  });

  it("stores the passwords of commands at the server's cost, and notes who came by which way [P-8.7]", async () => {
    const port = await start("--registration", "invite", ...cheap);
    const input = { input: "pw\n" };
    const user = (...args: string[]) =>
      runServerCommand(["user", ...args, "--password-stdin", "--data", folder], input);
    assert.equal((await user("add", "carol")).code, 0);
    const code = codeOf((await invite("create")).stdout);
    const client = await open(port);
    await client.ask({ type: "register", username: "dave", password: "pw", invite: code });
    assert.equal((await user("passwd", "dave")).code, 0);
    const database = new DatabaseSync(join(folder, "chat-room.db"), { readOnly: true });
    for (const row of database.prepare("SELECT password FROM account").all()) {
      assert.match(String(row["password"]), /m=8192,t=1/);
    }
    database.close();
    const entries = readFileSync(join(folder, "audit.log"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const id = entries.find(({ event }) => event === "invite_created")?.["invite"];
    assert.deepEqual(
      entries
        .filter(({ event }) => event !== "admin_asked")
        .map(({ event, user, by, invite }) => [event, user, by, invite]),
      [
        ["account_created", "carol", "admin", undefined],
        ["invite_created", undefined, undefined, id],
        ["account_created", "dave", "invitation", id],
        ["password_changed", "dave", undefined, undefined],
      ],
    );
    assert.deepEqual(
      entries.filter(({ event }) => event === "admin_asked").map(({ ask }) => ask),
      ["addUser", "createInvite", "changePassword"],
    );
    assert.ok(!JSON.stringify(entries).includes(code));
  });

  it("stores them at the cost of --password-cost if no server runs [P-8.7]", async () => {
    const args = ["user", "add", "erin", "--password-stdin", "--password-cost", "9,1", "--data", folder];
    assert.equal((await runServerCommand(args, { input: "pw\n" })).code, 0);
    const database = new DatabaseSync(join(folder, "chat-room.db"), { readOnly: true });
    assert.match(String(database.prepare("SELECT password FROM account").get()?.["password"]), /m=9216,t=1/);
    database.close();
  });
});
