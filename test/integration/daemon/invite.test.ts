// Invitations that a member makes from the command line, with a real server and a real daemon each.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeHome, runCli } from "../../support/daemon-process.ts";
import type { CliResult } from "../../support/daemon-process.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("inviting from the command line", function () {
  this.timeout(90_000);
  let server: ChatServer;
  const [alice, bob] = [makeHome(), makeHome()];

  const login = (home: string, user: string, input: string, ...more: string[]): Promise<CliResult> => {
    const args = ["login", "--server", `127.0.0.1:${server.port}`, "--user", user, "--register", "--password-stdin"];
    return runCli(home, [...args, ...more], input);
  };

  before(async () => (server = await startChatServer({ args: ["--registration", "invite"] })));
  after(async () => {
    for (const home of [alice, bob]) {
      await runCli(home, ["stop"]);
      rmSync(home, { recursive: true, force: true });
    }
    await server.dispose();
  });

  it("takes the invitation from the standard input, and says how where it is missing [P-4.10]", async () => {
    const made = await runServerCommand(["invite", "create", "--data", server.data]);
    const code = /^invitation (\w+)$/m.exec(made.stdout)?.[1] ?? "";
    const refused = await login(alice, "alice", "secret of alice\n");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /by invitation only.*Give it with --invite-stdin/s);
    const done = await login(alice, "alice", `secret of alice\n${code}\n`, "--invite-stdin");
    assert.deepEqual([done.code, done.stderr], [0, ""]);
  });

  it("prints a link, and address and code beside it, with which somebody else comes [P-4.16]", async () => {
    const made = await runCli(alice, ["invite", "--days", "2"]);
    assert.equal(made.code, 0, made.stderr);
    const [link = "", address = "", code = "", until = ""] = made.stdout.split("\n");
    assert.match(address, new RegExp(`^server chat://127\\.0\\.0\\.1:${server.port}#[\\w-]{43}$`));
    const fields = new URL(link).searchParams;
    assert.deepEqual([`server ${fields.get("server")}`, `invitation ${fields.get("invite")}`], [address, code]);
    assert.match(until, /^For one account, until /);
    assert.match(made.stderr, /This address is this machine itself/);
    const invite = fields.get("invite") ?? "";
    const done = await login(bob, "bob", `secret of bob\n${invite}\n`, "--invite-stdin");
    assert.deepEqual([done.code, done.stderr], [0, ""]);
    const listed = await runServerCommand(["invite", "list", "--data", server.data]);
    assert.match(listed.stdout, /used 1 of 1 {2}until \S+ {2}by alice$/m);
    const log = readFileSync(join(server.data, "audit.log"), "utf8");
    assert.match(log, /"event":"invite_created","invite":"\w+","uses":1,"user":"alice"/);
    assert.ok(!log.includes(invite));
  });

  it("is refused by a server where members make none [P-4.16]", async () => {
    const { data } = server;
    await server.stop();
    const args = ["--registration", "invite", "--members-invite=false"];
    const next = await startChatServer({ args, data, port: server.port });
    try {
      // A new one connects at once.
      await runCli(alice, ["stop"]);
      const refused = await runCli(alice, ["invite", "--json"]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /"code":"denied","reason":"On this server only whoever runs it makes invitations/);
    } finally {
      await next.stop();
    }
  });
});
