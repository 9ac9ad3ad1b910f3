// The command line in a terminal of a window: it talks to the daemon of the window, wherever that runs, and starts none in its
// place.

import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { daemonStatus } from "../../../protocol/api/session.ts";
import { DaemonProcess, makeHome, runCli } from "../../support/daemon-process.ts";
import type { CliResult } from "../../support/daemon-process.ts";
import { skip } from "../../support/skip.ts";

describe("the command line in a terminal of a window", function () {
  this.timeout(60_000);
  let daemon: DaemonProcess;
  /** Where a daemon of the terminal's machine would be. */
  let other: string;
  let env: Record<string, string>;
  let forward: Server | undefined;

  beforeEach(async () => {
    daemon = await DaemonProcess.start();
    other = makeHome();
    const status = await (await daemon.view()).client.request(daemonStatus, {});
    assert.ok(status.ok && status.homeId !== undefined);
    env = {
      ...{ CHAT_ROOM_HOME: "", XDG_STATE_HOME: other },
      ...{ CHAT_ROOM_SOCKET: join(daemon.home, "rendezvous.sock"), CHAT_ROOM_SOCKET_ID: status.homeId },
    };
  });
  afterEach(async () => {
    forward?.close();
    await DaemonProcess.disposeAll();
    rmSync(other, { recursive: true, force: true });
  });

  const run = (args: readonly string[], added: Record<string, string> = {}): Promise<CliResult> =>
    runCli("", args, "", { ...env, ...added });
  const pidSaidBy = (result: CliResult): unknown => (JSON.parse(result.stdout) as { pid?: unknown }).pid;
  const nothingStarted = (): void => assert.equal(existsSync(join(other, "chat-room")), false);

  it("talks to the daemon of the window, and not to one of its own home", async () => {
    assert.equal(pidSaidBy(await run(["status", "--json"])), daemon.process.pid);
    nothingStarted();
  });

  it("starts it again in the home of the window where it has ended", async () => {
    await daemon.stop();
    assert.match((await run(["online"])).stderr, /Sign in first/);
    assert.equal((await run(["stop"])).stdout, "The daemon has ended.\n");
    nothingStarted();
  });

  it("does not take the daemon of another home at the same path for it, as on the far side of an SSH connection", async () => {
    for (const command of ["status", "online", "stop"]) {
      const { code, stderr } = await run([command], { CHAT_ROOM_SOCKET_ID: "another home" });
      assert.equal(code, 1);
      assert.match(stderr, /belongs to a window whose Chat Room daemon cannot be reached from here/);
    }
    await daemon.stop();
    for (const command of ["status", "online"]) {
      assert.equal((await run([command], { CHAT_ROOM_SOCKET_ID: "another home" })).code, 1);
    }
    assert.equal(existsSync(join(daemon.home, "rendezvous.json")), false);
    nothingStarted();
  });

  it("talks to it through a forwarded socket, with a copy of the file that proves who asks", async function () {
    if (process.platform === "win32") skip(this, "a pipe cannot be forwarded");
    const folder = join(other, "forwarded");
    mkdirSync(folder, { mode: 0o700 });
    copyFileSync(join(daemon.home, "rendezvous.json"), join(folder, "rendezvous.json"));
    const far = join(daemon.home, "rendezvous.sock");
    const server = createServer((socket) => {
      const through = connect(far);
      socket.on("error", () => through.destroy()).pipe(through);
      through.on("error", () => socket.destroy()).pipe(socket);
    });
    forward = server;
    await new Promise<void>((resolve) => server.listen(join(folder, "rendezvous.sock"), resolve));
    const forwarded = { CHAT_ROOM_SOCKET: join(folder, "rendezvous.sock") };
    assert.equal(pidSaidBy(await run(["status", "--json"], forwarded)), daemon.process.pid);
    await daemon.stop();
    const gone = await run(["online"], forwarded);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /cannot be reached from here/);
    nothingStarted();
  });
});
