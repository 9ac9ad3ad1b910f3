// The listening socket with real connections: what comes from nowhere is not served.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../base/clock.ts";
import { ownIdentity } from "../../../base/tls/identity.ts";
import type { LinkEvents } from "../../../server/core/ports.ts";
import { listen } from "../../../server/net/listener.ts";
import type { Listener } from "../../../server/net/listener.ts";

const line = `{"type":"alive"}\n`;
/** Sends a line and resets the connection behind it. */
const hasty = (port: number) => `
  const socket = require("node:net").connect(${port}, "127.0.0.1", () => {
    socket.write(${JSON.stringify(line)}, () => socket.resetAndDestroy());
  });
  socket.on("error", () => undefined);
`;

describe("the listening socket", () => {
  let folder: string;
  let listener: Listener;
  let served: string[];
  let heard: () => void = () => undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "chat-room-listener-"));
    served = [];
    const events: LinkEvents = {
      ...{ taken: () => undefined, ended: () => undefined, closed: () => undefined },
      frame: () => heard(),
    };
    listener = await listen({
      ...{ host: "127.0.0.1", port: 0, clock: systemClock, plain: true },
      identity: await ownIdentity(folder, "test", Date.now()),
      limits: { open: 0, perMinute: 0, loopback: false },
      connect(link) {
        served.push(link.address);
        return events;
      },
    });
  });
  afterEach(async () => {
    listener.stop();
    await listener.ended(0);
    rmSync(folder, { recursive: true });
  });

  it("serves nobody whose address the system cannot tell any more: a push to it would go to this machine [P-6]", async () => {
    // While this process waits for that one, it takes no connection: the reset is there first.
    execFileSync(process.execPath, ["-e", hasty(listener.port)]);
    const next = connect(listener.port, "127.0.0.1");
    const arrived = new Promise<void>((resolve) => (heard = resolve));
    next.write(line);
    await arrived;
    next.destroy();
    assert.deepEqual(served, ["127.0.0.1"]);
  });
});
