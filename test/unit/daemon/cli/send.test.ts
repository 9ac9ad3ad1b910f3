import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import { parseArguments } from "../../../../daemon/cli/arguments.ts";
import { send } from "../../../../daemon/cli/commands/send.ts";
import { DaemonClient } from "../../../../daemon/cli/daemon-client.ts";
import { Output } from "../../../../daemon/cli/output.ts";
import { daemonStatus, findContact, send as sendRequest } from "../../../../protocol/editor/requests.ts";
import { FakeClock } from "../fake-clock.ts";
import { received } from "../stored.ts";

describe("chat-room send", () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  it("ends after half a minute where the server does not take the message for now, and says that it is kept", async () => {
    const clock = new FakeClock();
    const { port } = server.address() as AddressInfo;
    const connected = once(server, "connection") as Promise<[Socket]>;
    const client = new DaemonClient(createConnection(port, "127.0.0.1"));
    const [socket] = await connected;
    sockets.push(socket);
    const daemon = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const account = { user: "me", server: "127.0.0.1:1" };
    const status = { pid: 1, version: "1", build: 1, home: "/", windows: 0, outbox: 0, unread: 0 };
    const flags = { blocked: false, muted: false, unread: 0 };
    daemon.onRequest(daemonStatus.method, () => ({ ok: true, session: { state: "connected", account }, ...status }));
    daemon.onRequest(findContact.method, () => {
      return { ok: true, contact: { conversation: "user:bob", name: "bob", presence: "available", ...flags } };
    });
    daemon.onRequest(sendRequest.method, () => {
      setImmediate(() => clock.advance(30_000));
      return { ok: true, message: received(1, { own: true, state: "sending" }) };
    });
    daemon.listen();

    const parsed = parseArguments(["send", "bob", "hello"]);
    assert.ok(parsed.kind === "command");
    const said: string[] = [];
    const code = await send({
      ...{ words: parsed.words, options: parsed.options, clock },
      output: new Output(false, (_, text) => said.push(text)),
      terminal: {} as never,
      connect: () => Promise.resolve(client),
      connectOnly: () => Promise.resolve(client),
      interrupted: () => new Promise(() => undefined),
    });
    assert.deepEqual([code, said], [0, ["In the outbox: it is sent as soon as the server takes it.\n"]]);
    client.close();
  });
});
