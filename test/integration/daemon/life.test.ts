import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { connectOrStart, StartFailed } from "../../../base/rendezvous/connect.ts";
import { spawnDetached } from "../../../client/spawn-detached.ts";
import { DaemonConnection } from "../../../cli/connection/daemon-connection.ts";
import { daemonStatus, startServer, stopDaemon, stopServer } from "../../../protocol/api/session.ts";
import { editorProtocol } from "../../../protocol/api/api-version.ts";
import { closeOf, daemonProgram, DaemonProcess, makeHome, openRaw, runCli } from "../../support/daemon-process.ts";
import { startChatServer } from "../../support/server-process.ts";

const call = (folder: string) => ({ folder, build: 0, protocol: editorProtocol });

describe("the daemon's life", function () {
  this.timeout(60_000);
  afterEach(() => DaemonProcess.disposeAll());

  it("is one for 50 starters at once, and it is detached from all of them", async () => {
    const home = makeHome();
    let starts = 0;
    const start = async () => {
      starts += 1;
      return await spawnDetached(daemonProgram, [], { ...process.env, CHAT_ROOM_HOME: home });
    };
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connectOrStart({ ...call(home), start })));
    const clients = sockets.map((socket) => new DaemonConnection(socket));
    const pids = await Promise.all(
      clients.map(async (client) => {
        const status = await client.request(daemonStatus, {});
        return status.ok && status.pid;
      }),
    );
    assert.equal(new Set(pids).size, 1);
    assert.equal(starts, 1);
    const [first] = clients;
    await first?.request(stopDaemon, {});
    await first?.closed;
    for (const client of clients) client.close();
    rmSync(home, { recursive: true, force: true });
  });

  it("goes on after a SIGKILL as if nothing was there", async () => {
    const first = await DaemonProcess.start();
    await first.stop("SIGKILL");
    assert.equal(existsSync(join(first.home, "rendezvous.sock")), true);
    const second = await DaemonProcess.start({ home: first.home });
    assert.equal((await second.view()).session.state, "signedOut");
  });

  it("is refused to a second process of the same home, quietly", async () => {
    const first = await DaemonProcess.start();
    const second = await DaemonProcess.start({ home: first.home });
    assert.equal(await second.ended, 0);
    assert.equal((await first.view()).session.state, "signedOut");
  });

  it("ends by itself when the last client has left", async () => {
    const daemon = await DaemonProcess.start({ args: ["--idle-exit-ms", "300"] });
    const view = await daemon.view();
    view.close();
    assert.equal(await daemon.ended, 0);
    assert.equal(existsSync(join(daemon.home, "rendezvous.json")), false);
  });

  for (const what of [["json"], ["sock"], ["json", "sock"], ["json", "sock", "holder.json"]]) {
    it(`is found and stopped though somebody removed what it is found by: ${what.join(", ")}`, async () => {
      const daemon = await DaemonProcess.start();
      const view = await daemon.view();
      for (const name of what) rmSync(join(daemon.home, `rendezvous.${name}`));
      const status = JSON.parse((await runCli(daemon.home, ["status", "--json"])).stdout) as { pid?: number };
      assert.equal(status.pid, daemon.process.pid);
      assert.equal((await view.client.request(daemonStatus, {})).ok, true);
      const stopped = await runCli(daemon.home, ["stop"]);
      assert.deepEqual([stopped.code, stopped.stdout], [0, "The daemon has ended.\n"]);
      assert.equal(await daemon.ended, 0);
    });
  }

  it("ends when its folder is removed, for nobody could ever reach it", async () => {
    const daemon = await DaemonProcess.start();
    await daemon.view();
    rmSync(daemon.home, { recursive: true });
    assert.equal(await daemon.ended, 0);
  });

  it("works in a home whose path is too long for a socket", async () => {
    const base = makeHome();
    const home = join(base, "deep".padEnd(120, "x"));
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const daemon = await DaemonProcess.start({ home });
    assert.equal((await daemon.view()).session.state, "signedOut");
    await daemon.dispose();
    rmSync(base, { recursive: true });
  });

  it("is refused in a home that others can open, with what to do", async () => {
    const home = makeHome();
    chmodSync(home, 0o777);
    const start = () => Promise.reject(new Error("must not be started"));
    await assert.rejects(connectOrStart({ ...call(home), start }), /Others can open .*chmod 700/);
    chmodSync(home, 0o700);
    rmSync(home, { recursive: true });
  });

  it("says why it could not start to the client that started it", async () => {
    const home = makeHome();
    mkdirSync(join(home, "device.json"));
    const start = () => spawnDetached(daemonProgram, [], { ...process.env, CHAT_ROOM_HOME: home });
    await assert.rejects(connectOrStart({ ...call(home), start }), /device\.json is not a file/);
    rmSync(home, { recursive: true });
  });

  it("is missed within seconds by its starter where it ends without a word", async () => {
    const home = makeHome();
    const program = join(home, "broken.js");
    writeFileSync(program, "process.exit(3);");
    const startMs = performance.now();
    await assert.rejects(
      connectOrStart({ ...call(home), start: () => spawnDetached(program, [], process.env) }),
      (error) => error instanceof StartFailed && /ended as soon as it was started \(exit code 3\)/.test(error.message),
    );
    assert.ok(performance.now() - startMs < 3_000);
    rmSync(home, { recursive: true });
  });

  it("answers nothing to who does not know the token", async () => {
    const daemon = await DaemonProcess.start();
    const heard: string[] = [];
    const socket = createConnection(join(daemon.home, "rendezvous.sock"));
    socket.on("data", (chunk) => heard.push(String(chunk)));
    socket.write('Content-Length: 2\r\n\r\n{}\n{"jsonrpc":"2.0","id":1,"method":"chatRoom/status"}\n');
    await new Promise((resolve) => socket.once("close", resolve));
    assert.deepEqual(heard, []);
  });

  it("writes neither messages nor secrets into its log, and keeps its files private", async () => {
    const daemon = await DaemonProcess.start();
    const view = await daemon.view();
    await assert.rejects(view.signIn(1, "carol"), /Nothing listens/);
    const server = await startChatServer();
    await view.join(server.port, "carol");
    await view.untilMessage((await view.send("user:carol", "a text for nobody else")).mid, "delivered", "read");
    await daemon.stop();
    await server.dispose();
    const log = readFileSync(join(daemon.home, "daemon.log"), "utf8");
    assert.match(log, /"event":"started"/);
    assert.doesNotMatch(log, /secret of|a text for/);
    for (const name of readdirSync(daemon.home, { recursive: true, encoding: "utf8" })) {
      assert.doesNotMatch(name, /\.tmp$/);
      const isOpen = (statSync(join(daemon.home, name)).mode & 0o077) !== 0;
      assert.ok(!isOpen || process.platform === "win32", `others can open ${name}`);
    }
  });

  it("ends one session by shutdown and exit of its language client, and no other", async () => {
    const daemon = await DaemonProcess.start();
    const [one, other] = [await openRaw(daemon.home), await daemon.view()];
    const closed = closeOf(one);
    await one.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await one.sendRequest("shutdown");
    await one.sendNotification("exit");
    await closed;
    const status = await other.client.request(daemonStatus, {});
    assert.equal(status.ok && status.pid, daemon.process.pid);
  });

  it("ends the session of a client whose process dies", async () => {
    const daemon = await DaemonProcess.start();
    const dying = await DaemonProcess.start();
    const connection = await openRaw(daemon.home);
    const closed = closeOf(connection);
    await connection.sendRequest("initialize", { processId: dying.process.pid, rootUri: null, capabilities: {} });
    await dying.dispose();
    await closed;
    assert.equal((await daemon.view()).session.state, "signedOut");
  });

  it("refuses parameters of the wrong shape, and goes on", async () => {
    const daemon = await DaemonProcess.start();
    const connection = await openRaw(daemon.home);
    for (const params of [{}, { conversation: 1 }, [], { conversation: "user:a", text: {} }, null]) {
      const answer = await connection.sendRequest<{ ok: boolean; code: string }>("chatRoom/send", params);
      assert.deepEqual([answer.ok, answer.code], [false, "bad_request"]);
    }
    await assert.rejects(connection.sendRequest("chatRoom/noSuchThing", {}));
    connection.end();
    assert.equal((await daemon.view()).session.state, "signedOut");
  });
});

describe("the server on this machine", function () {
  this.timeout(90_000);
  afterEach(() => DaemonProcess.disposeAll());

  const reaches = async (address: string): Promise<boolean> => {
    return await new Promise((resolve) => {
      const [host = "", port = ""] = address.split(":");
      const socket = createConnection(Number(port), host);
      socket
        .once("error", () => resolve(false))
        .once("connect", () => {
          socket.destroy();
          resolve(true);
        });
    });
  };

  it("is started, used, restarted with the daemon, and stopped", async () => {
    let daemon = await DaemonProcess.start({ args: ["--idle-exit-ms", "500"] });
    let view = await daemon.view();
    const started = await view.client.request(startServer, { port: 0 });
    assert.ok(started.ok && !started.alreadyRunning, JSON.stringify(started));
    const port = Number(started.address.split(":").at(-1));
    await view.join(port, "host");
    const again = await view.client.request(startServer, {});
    assert.deepEqual(again, { ok: true, address: started.address, alreadyRunning: true });

    await daemon.stop();
    daemon = await DaemonProcess.start({ home: daemon.home, args: ["--idle-exit-ms", "500"] });
    view = await daemon.view();
    await view.untilState("connected");
    const status = await view.client.request(daemonStatus, {});
    assert.equal(status.ok && status.hostedServer, started.address);

    assert.deepEqual(await view.client.request(stopServer, {}), { ok: true, wasRunning: true });
    assert.deepEqual(await view.client.request(stopServer, {}), { ok: true, wasRunning: false });
    assert.equal(await reaches(started.address), false);
    view.close();
    assert.equal(await daemon.ended, 0);
  });

  it("ends with the daemon that is killed", async () => {
    const daemon = await DaemonProcess.start();
    const view = await daemon.view();
    const started = await view.client.request(startServer, { port: 0 });
    assert.ok(started.ok);
    const held = createConnection(Number(started.address.split(":").at(-1)), "127.0.0.1");
    await new Promise((resolve) => held.once("connect", resolve));
    const closed = new Promise((resolve) => held.once("close", resolve));
    held.on("error", () => undefined);
    await daemon.stop("SIGKILL");
    await closed;
  });

  it("says why it could not be started, in the server's own words", async () => {
    const daemon = await DaemonProcess.start();
    writeFileSync(join(daemon.home, "server"), "not a folder");
    const view = await daemon.view();
    const started = await view.client.request(startServer, { port: 0 });
    assert.ok(!started.ok && started.code === "unavailable");
    assert.match(started.reason, /^The data folder .* cannot be written to/);
  });
});
