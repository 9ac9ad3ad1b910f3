import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { DaemonClient } from "../../../../daemon/cli/daemon-client.ts";

describe("A client of the daemon", () => {
  it("keeps no timer, and so no process, where the daemon dies in the middle of a message", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const daemon = createServer().listen(0, "127.0.0.1");
    await once(daemon, "listening");
    const before = timers();
    const accepted = once(daemon, "connection") as Promise<[Socket]>;
    const socket = connect((daemon.address() as AddressInfo).port, "127.0.0.1");
    const client = new DaemonClient(socket);
    const [far] = await accepted;
    far.write('Content-Length: 100\r\n\r\n{"jsonrpc"');
    await once(socket, "data");
    far.destroy();
    await client.closed;
    client.close();
    daemon.close();
    assert.equal(timers(), before);
  });
});
