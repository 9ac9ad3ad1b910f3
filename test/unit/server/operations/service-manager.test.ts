// What a service manager is told, over a real datagram socket and by the real `systemd-notify`, where there is one; elsewhere by
// a program of that name that does the same.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../../base/clock.ts";
import type { Environment } from "../../../../base/home/home.ts";
import { ServiceManager } from "../../../../server/operations/service-manager.ts";
import { skip } from "../../../support/skip.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const receiver = fileURLToPath(new URL("../../../support/notify-socket.py", import.meta.url));
const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const standIn = `#!/usr/bin/env python3
import os, socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[1].encode(), os.environ["NOTIFY_SOCKET"])
`;

describe("a service manager", function () {
  let folder: string;
  let listening: ChildProcess | undefined;
  let told: Interface;
  let env: Environment;
  let manager: ServiceManager | undefined;
  let logged: string[];

  before(function () {
    if (!has("python3")) skip(this, "there is no python3");
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-notify-"));
    logged = [];
    const socket = join(folder, "socket");
    listening = spawn("python3", [receiver, socket], { stdio: ["ignore", "pipe", "inherit"] });
    assert.ok(listening.stdout);
    told = createInterface({ input: listening.stdout });
    assert.equal(await heard("bound"), "bound");
    writeFileSync(join(folder, "systemd-notify"), standIn);
    chmodSync(join(folder, "systemd-notify"), 0o755);
    const path = has("systemd-notify") ? process.env["PATH"] : `${folder}:${process.env["PATH"] ?? ""}`;
    env = { PATH: path, NOTIFY_SOCKET: socket };
  });
  afterEach(async () => {
    manager?.dispose();
    listening?.kill();
    if (listening) await once(listening, "exit");
    rmSync(folder, { recursive: true });
  });

  /** The next line that begins so; others, such as those of the program itself, are passed over. */
  async function heard(beginning: string): Promise<string> {
    for (;;) {
      const [line] = (await once(told, "line")) as [string];
      if (line.startsWith(beginning)) return line;
    }
  }

  const note = (event: string) => void logged.push(event);
  const log = { debug: note, info: note, warn: note, error: note };

  it("is told that the server is ready, and that it stops", async () => {
    manager = new ServiceManager(env, systemClock, log);
    manager.ready();
    assert.equal(await heard("READY"), "READY=1");
    manager.stopping();
    assert.equal(await heard("STOPPING"), "STOPPING=1");
    assert.deepEqual(logged, []);
  });

  it("is given a sign of life often enough, as long as the event loop turns", async () => {
    const clock = new FakeClock();
    manager = new ServiceManager({ ...env, WATCHDOG_USEC: "30000000", WATCHDOG_PID: String(process.pid) }, clock, log);
    manager.ready();
    assert.equal(await heard("READY"), "READY=1");
    for (let round = 0; round < 3; round += 1) {
      let sign: string | undefined;
      void heard("WATCHDOG").then((line) => (sign = line));
      // Nothing is said while the program that said it before has not ended.
      while (sign === undefined) {
        clock.advance(10_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(sign, "WATCHDOG=1");
    }
    manager.dispose();
    assert.equal(clock.pending, 0);
  });

  it("is given none if it waits for none, or for one of another process", () => {
    const clock = new FakeClock();
    for (const watchdog of [{}, { WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" }, { WATCHDOG_USEC: "soon" }]) {
      manager = new ServiceManager({ ...watchdog }, clock, log);
      manager.ready();
      assert.equal(clock.pending, 0);
    }
  });

  it("is missed once in the log if it cannot be told", async () => {
    const failed = new Promise<void>((resolve) => {
      const complain = (event: string): void => {
        logged.push(event);
        resolve();
      };
      manager = new ServiceManager({ PATH: folder + "/nowhere", NOTIFY_SOCKET: "x" }, systemClock, {
        ...log,
        error: complain,
      });
    });
    manager?.ready();
    manager?.stopping();
    await failed;
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(logged, ["notify_failed"]);
  });
});
