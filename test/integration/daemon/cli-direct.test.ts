import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { makeHome, runCli } from "../../support/daemon-process.ts";
import type { CliResult } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("direct talk from the command line", function () {
  this.timeout(90_000);
  let server: ChatServer;
  const alice = makeHome();
  const bob = makeHome();

  const a = (...args: string[]): Promise<CliResult> => runCli(alice, args);
  const b = (...args: string[]): Promise<CliResult> => runCli(bob, args);
  const json = async (result: Promise<CliResult>): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await result;
    assert.deepEqual([code, stderr], [0, ""]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const code = async (result: Promise<CliResult>): Promise<unknown> => {
    const { stderr } = await result;
    return (JSON.parse(stderr) as { error: { code: string } }).error.code;
  };
  /** A person's daemon has the question a moment after it was asked: the command line has to look for it. */
  const asked = async (person: typeof a): Promise<Record<string, unknown>> => {
    for (;;) {
      const { requests } = (await json(person("requests", "--json"))) as { requests: Record<string, unknown>[] };
      if (requests[0]) return requests[0];
    }
  };

  before(async () => {
    server = await startChatServer();
    for (const [home, user] of [
      [alice, "alice"],
      [bob, "bob"],
    ] as const) {
      const args = ["login", "--server", `127.0.0.1:${server.port}`, "--user", user, "--register", "--password-stdin"];
      assert.equal((await runCli(home, args, `secret of ${user}\n`)).code, 0);
    }
  });
  after(async () => {
    await Promise.all([a("stop"), b("stop")]);
    await server.dispose();
    for (const home of [alice, bob]) rmSync(home, { recursive: true, force: true });
  });

  it("asks nothing of anybody for a number that cannot be known yet", async () => {
    assert.equal(await code(a("verify", "bob", "--json")), "bad_request");
    assert.deepEqual(await json(b("requests", "--json")), { requests: [] });
    assert.equal((await b("answer", "alice", "perhaps")).code, 2);
    assert.equal(await code(b("answer", "alice", "once", "--json")), "no_such_user");
  });

  it("is refused by a no, and the address is not shown [P-4.8]", async () => {
    const address = a("address", "bob", "--json");
    const question = await asked(b);
    assert.equal(question["user"], "alice");
    assert.equal(question["vouched"], true);
    await json(b("answer", "alice", "deny", "--json"));
    assert.equal(await code(address), "denied");
  });

  it("is not asked for again while the no holds", async () => {
    assert.equal(await code(a("connect", "bob", "--json")), "denied");
    assert.deepEqual(await json(b("requests", "--json")), { requests: [] });
  });

  it("stands after a yes to whoever said no before, and both see the same safety number", async () => {
    const link = b("connect", "alice", "--json");
    await asked(a);
    await json(a("answer", "bob", "once", "--json"));
    assert.match(String((await json(link))["address"]), /:\d+$/);
    const mine = await json(a("verify", "bob", "--json"));
    const theirs = await json(b("verify", "alice", "--json"));
    assert.match(String(mine["digits"]), /^\d{60}$/);
    assert.equal(mine["digits"], theirs["digits"]);
    const sent = (await json(a("send", "bob", "directly", "--json"))) as { message: { state: string } };
    assert.equal(sent.message.state, "delivered");
    await json(a("disconnect", "bob", "--json"));
    await json(a("revoke", "bob", "--json"));
  });

  it("is looked at by doctor, without a secret", async () => {
    const { ok, findings } = (await json(a("doctor", "--json"))) as { ok: boolean; findings: { part: string }[] };
    assert.equal(ok, true);
    const parts = ["Daemon", "Sign-in", "Server", "Key of the server", "Talking directly"];
    assert.deepEqual(
      findings.map(({ part }) => part),
      parts,
    );
    await server.dispose();
    const broken = await a("doctor");
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /problem .*Server: /);
  });
});
