// Two builds of the daemon, bundled as they are shipped, and clients of both.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { connectOrStart, untilFree } from "../../../base/rendezvous/connect.ts";
import { spawnDetached } from "../../../client/spawn-detached.ts";
import { DaemonConnection } from "../../../cli/connection/daemon-connection.ts";
import { daemonStatus, startServer, stopDaemon, stopServer } from "../../../protocol/api/session.ts";
import { editorProtocol } from "../../../protocol/api/api-version.ts";
import { makeHome } from "../../support/daemon-process.ts";

describe("two builds of the daemon", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "chat-room-builds-"));
  const program = (build: number): string => join(folder, String(build), "daemon.js");
  let home: string;
  let clients: DaemonConnection[];

  before(async () => {
    const server = fileURLToPath(new URL("../../../server/main.ts", import.meta.url));
    const source = fileURLToPath(new URL("../../../daemon/main.ts", import.meta.url));
    for (const build of [1, 2]) {
      await bundle({
        ...{ entryPoints: [source], outfile: program(build), bundle: true, logLevel: "error" },
        ...{ platform: "node", format: "cjs", target: "node22", mainFields: ["module", "main"] },
        define: { CHAT_ROOM_VERSION: `"0.0.${build}"`, CHAT_ROOM_BUILD: String(build) },
      });
      await bundle({
        ...{ entryPoints: [server], outfile: join(program(build), "..", "server.js"), bundle: true, logLevel: "error" },
        ...{ platform: "node", format: "cjs", target: "node22", mainFields: ["module", "main"] },
      });
    }
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    home = makeHome();
    clients = [];
  });
  afterEach(async () => {
    const last = clients.at(-1);
    await last?.request(stopDaemon, {});
    await last?.closed;
    for (const client of clients) client.close();
    await untilFree(home, 15_000);
    rmSync(home, { recursive: true, force: true });
  });

  const open = async (build: number): Promise<DaemonConnection> => {
    const start = () => spawnDetached(program(build), [], { ...process.env, CHAT_ROOM_HOME: home });
    const socket = await connectOrStart({ folder: home, build, protocol: editorProtocol, start });
    const client = new DaemonConnection(socket);
    clients.push(client);
    return client;
  };
  const buildOf = async (client: DaemonConnection): Promise<number> => {
    const status = await client.request(daemonStatus, {});
    if (!status.ok) throw new Error(status.reason);
    return status.build;
  };
  const olderViewsOf = async (client: DaemonConnection): Promise<number | undefined> => {
    const status = await client.request(daemonStatus, {});
    if (!status.ok) throw new Error(status.reason);
    return status.olderViews;
  };

  it("are never one a client: an older client is served by the newer daemon", async () => {
    assert.equal(await buildOf(await open(2)), 2);
    assert.equal(await buildOf(await open(1)), 2);
  });

  it("change places when a newer client finds the older one idle", async () => {
    const older = await open(1);
    assert.equal(await buildOf(older), 1);
    older.close();
    // The older daemon notices that its client has left by itself; until then it is in use, and serves the newer one.
    let found = await buildOf(await open(2));
    for (let tries = 0; found === 1 && tries < 20; tries += 1) {
      clients.at(-1)?.close();
      found = await buildOf(await open(2));
    }
    assert.equal(found, 2);
    assert.equal(await buildOf(await open(1)), 2);
  });

  it("do not change places while the older one is in use", async () => {
    const older = await open(1);
    assert.equal(await buildOf(await open(2)), 1);
    assert.equal(await buildOf(older), 1);
  });

  it("change places while a newer client uses the older one, as soon as no older one does", async () => {
    const older = await open(1);
    const newer = await open(2);
    assert.deepEqual([await buildOf(newer), await olderViewsOf(newer)], [1, 1]);
    older.close();
    // The older daemon notices by itself that its client has left.
    while ((await olderViewsOf(newer)) === 1);
    assert.equal(await buildOf(await open(2)), 2);
    await newer.closed;
  });

  it("change places while the older one hosts a server, which goes on in the newer one", async () => {
    const older = await open(1);
    const started = await older.request(startServer, { port: 0 });
    assert.ok(started.ok, JSON.stringify(started));
    older.close();
    const status = async (client: DaemonConnection) => {
      const found = await client.request(daemonStatus, {});
      return found.ok ? found : assert.fail(found.reason);
    };
    let newer = await status(await open(2));
    for (let tries = 0; newer.build === 1 && tries < 50; tries += 1) {
      clients.at(-1)?.close();
      newer = await status(await open(2));
    }
    assert.equal(newer.build, 2);
    // It is started with the daemon, which answers before that is done.
    const last = clients.at(-1);
    while (newer.hostedServer === undefined && last) newer = await status(last);
    assert.equal(newer.hostedServer, started.address);
  });

  it("keep a hosted server going after an update has removed the folder that the daemon came from", async () => {
    const before = await open(1);
    const started = await before.request(startServer, { port: 0 });
    assert.ok(started.ok);
    const server = { before: program(1), away: `${program(1)}.away` };
    renameSync(join(server.before, "..", "server.js"), server.away);
    try {
      assert.deepEqual(await before.request(stopServer, {}), { ok: true, wasRunning: true });
      const again = await before.request(startServer, { port: 0 });
      assert.ok(again.ok, JSON.stringify(again));
      assert.match(readFileSync(join(home, "server.log"), "utf8"), /"event":/);
    } finally {
      renameSync(server.away, join(server.before, "..", "server.js"));
    }
  });

  it("change places once, however many newer clients come at once", async () => {
    (await open(1)).close();
    const builds = await Promise.all(Array.from({ length: 10 }, async () => await buildOf(await open(2))));
    assert.equal(new Set(builds).size, 1);
  });
});
