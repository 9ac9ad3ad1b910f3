// What the operator sees of a real server from outside: health, metrics and the log.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { signedIn } from "../../support/line-client.ts";
import { runServerCommand, startChatServer } from "../../support/server-process.ts";
import type { ChatServer } from "../../support/server-process.ts";

describe("the status of a server", function () {
  this.timeout(20_000);
  let server: ChatServer;
  let statusPort: number;

  before(async () => {
    server = await startChatServer({ args: ["--metrics-port", "0", "--log-level", "debug"] });
    statusPort = Number(/"port":(\d+),"event":"metrics_listening"/.exec(server.output.stderr)?.[1]);
  });
  after(() => server.dispose());

  const ask = (path: string) => fetch(`http://127.0.0.1:${statusPort}${path}`);

  it("is healthy, and counts what it did", async () => {
    assert.equal((await ask("/healthz")).status, 200);
    const alice = await signedIn(server.port, "alice");
    const bob = await signedIn(server.port, "bob", { acks: true });
    assert.equal((await alice.ask({ type: "message", to: "bob", msg: "live" }))["delivery"], "delivered");
    await bob.ask({ type: "logout" });
    assert.equal((await alice.ask({ type: "message", to: "bob", msg: "wait €" }))["delivery"], "queued");
    await alice.ask({ type: "message", to: "nobody", msg: "x" });
    const metrics = await (await ask("/metrics")).text();
    for (const sample of [
      'chat_room_messages_total{delivery="delivered"} 1',
      'chat_room_messages_total{delivery="queued"} 1',
      "chat_room_mailbox_letters 1",
      "chat_room_mailbox_bytes 8",
      'chat_room_sign_ins_total{outcome="ok"} 2',
      'chat_room_refused_requests_total{code="no_such_user"} 1',
      'chat_room_sessions{connected="yes"} 1',
      "chat_room_storage_works 1",
    ]) {
      assert.ok(metrics.includes(`${sample}\n`), `${sample}\n${metrics}`);
    }
    assert.match(metrics, /^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
    assert.match(metrics, /^process_resident_memory_bytes \d+$/m);
    assert.ok(Number(/^chat_room_commit_seconds_count (\d+)$/m.exec(metrics)?.[1]) >= 5);
    alice.destroy();
    bob.destroy();
  });

  it("is there for this machine alone", async () => {
    const socket = connect(statusPort, "127.0.0.2");
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  });

  it("writes a log without message texts, passwords and tokens, whatever happens", async () => {
    const secrets = ["a text for bob", "pw carol", "wrong pw of carol", "a text to all", "a text in the mailbox"];
    const alice = await signedIn(server.port, "alice");
    const carol = await signedIn(server.port, "carol", { acks: true, device: "laptop" });
    const { token } = await carol.ask({ type: "auth", username: "carol", password: "pw carol" });
    await carol.ask({ type: "auth", username: "carol", password: "wrong pw of carol" });
    await carol.ask({ type: "auth", token: `${String(token)}x` });
    await carol.ask({ type: "auth", token });
    for (const to of ["bob", "carol", "nobody", "alice"]) {
      await alice.ask({ type: "message", to, msg: "a text for bob" });
    }
    await alice.ask({ type: "message", to: "bob", msg: 5, secret: "a text in the mailbox" });
    await alice.ask({ type: "broadcast", msg: "a text to all" });
    alice.sendRaw('{"type":"message","msg":"a text for bob\n');
    alice.sendRaw('{"type":"register","username":"x y","password":"pw carol"}\n');
    await alice.answer();
    await alice.answer();
    alice.destroy();
    carol.destroy();
    await ask("/metrics");
    const { stderr } = server.output;
    for (const secret of [...secrets, String(token)]) assert.ok(!stderr.includes(secret), secret);
    for (const line of stderr.trim().split("\n")) {
      const { level, time, event } = JSON.parse(line) as Record<string, unknown>;
      assert.match(String(level), /^(debug|info|warn|error)$/);
      assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(String(event), /^[a-z_]+$/);
    }
    assert.match(stderr, /"code":"bad_credentials"/);
  });

  it("is unhealthy while it stops, and gone after it", async () => {
    const bob = await signedIn(server.port, "bob");
    const alice = await signedIn(server.port, "alice");
    // A client that reads nothing and stays: the server waits for it a while.
    alice.socket.pause();
    server.process.kill("SIGTERM");
    await bob.closed;
    const seen = await ask("/healthz").then(
      async (response) => [response.status, await response.text()],
      () => "gone",
    );
    assert.ok(seen === "gone" || (seen[0] === 503 && seen[1] === "stopping\n"), String(seen));
    alice.destroy();
    assert.equal((await server.ended).code, 0);
    await assert.rejects(ask("/healthz"));
  });
});

describe("the status port of a server", function () {
  this.timeout(20_000);

  it("is off by default", async () => {
    const server = await startChatServer();
    await server.stop();
    assert.ok(!server.output.stderr.includes("metrics_listening"));
    await server.dispose();
  });

  it("that is taken is said with its option, and exit code 1", async () => {
    const server = await startChatServer();
    const { code, stderr } = await runServerCommand(["--port", "0", "--metrics-port", String(server.port)], {
      env: { CHAT_ROOM_HOME: join(server.data, "other") },
    });
    await server.dispose();
    assert.equal(code, 1);
    assert.match(stderr, /--metrics-port/);
  });
});
