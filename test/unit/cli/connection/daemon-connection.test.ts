import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import { DaemonConnection, olderDaemon } from "../../../../cli/connection/daemon-connection.ts";
import { daemonStatus, onlineUsers } from "../../../../protocol/api/session.ts";

describe("A client of the daemon", () => {
  it("keeps no timer, and so no process, where the daemon dies in the middle of a message", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const daemon = createServer().listen(0, "127.0.0.1");
    await once(daemon, "listening");
    const before = timers();
    const accepted = once(daemon, "connection") as Promise<[Socket]>;
    const socket = connect((daemon.address() as AddressInfo).port, "127.0.0.1");
    const client = new DaemonConnection(socket);
    const [far] = await accepted;
    far.write('Content-Length: 100\r\n\r\n{"jsonrpc"');
    await once(socket, "data");
    far.destroy();
    await client.closed;
    client.close();
    daemon.close();
    assert.equal(timers(), before);
  });

  it("says that the daemon is an older one where that does not know a request, and what failed where it failed", async () => {
    const server = createServer((socket) => {
      const daemon = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
      daemon.onRequest(onlineUsers.method, () => Promise.reject(new Error("no luck")));
      daemon.listen();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = new DaemonConnection(connect((server.address() as AddressInfo).port, "127.0.0.1"));
    assert.equal(await client.request(daemonStatus, {}), olderDaemon);
    const failed = await client.request(onlineUsers, {});
    assert.match(failed.ok ? "" : failed.reason, /failed at that: .*no luck/);
    client.close();
    server.close();
  });
});
