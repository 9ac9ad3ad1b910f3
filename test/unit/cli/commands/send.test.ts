import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from "vscode-jsonrpc/node";
import { parseArguments } from "../../../../cli/parse/arguments.ts";
import { send } from "../../../../cli/commands/send.ts";
import { DaemonConnection } from "../../../../cli/connection/daemon-connection.ts";
import { Output } from "../../../../cli/terminal/output.ts";
import { daemonStatus, findContact } from "../../../../protocol/api/session.ts";
import { send as sendRequest } from "../../../../protocol/conversations/kinds/text.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { received } from "../../daemon/stored.ts";

const account = { user: "me", server: "127.0.0.1:1" };
/** 2026-11-23 14:05 by the clock of this machine. */
const triedUntilMs = new Date(2026, 10, 23, 14, 5).getTime();

describe("chat-room send", () => {
  let server: Server;
  let clock: FakeClock;
  let said: string[];
  /** What a daemon was asked to send. */
  let asked: { mid?: string; text: string; as?: unknown }[];
  /** How many times a daemon dies instead of answering that. */
  let deaths: number;
  let state: "connected" | "unreachable";
  const opened: (DaemonConnection | Socket)[] = [];

  beforeEach(async () => {
    server = createServer((socket) => serve(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    clock = new FakeClock();
    [said, asked, deaths, state] = [[], [], 0, "connected"];
  });
  afterEach(() => {
    for (const each of opened.splice(0))
      if (each instanceof DaemonConnection) each.close();
      else each.destroy();
    server.close();
  });

  /** A daemon that takes the message and sends nothing. */
  function serve(socket: Socket): void {
    opened.push(socket);
    const daemon = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    const session =
      state === "connected" ? { state, account } : { state, account, reason: "Nothing listens.", retryAtMs: 0 };
    const status = { pid: 1, version: "1", build: 1, home: "/", windows: 0, outbox: 1, unread: 0, triedUntilMs };
    const flags = { blocked: false, muted: false, unread: 0 };
    daemon.onRequest(daemonStatus.method, () => ({ ok: true, session, ...status }));
    daemon.onRequest(findContact.method, () => {
      return { ok: true, contact: { conversation: "user:bob", name: "bob", presence: "available", ...flags } };
    });
    daemon.onRequest(sendRequest.method, (params: { mid?: string; text: string }) => {
      asked.push(params);
      if (asked.length <= deaths) {
        socket.destroy();
        return new Promise(() => undefined);
      }
      setImmediate(() => clock.advance(30_000));
      return { ok: true, message: received(1, { own: true, state: "sending" }) };
    });
    daemon.listen();
  }

  async function run(...args: string[]): Promise<number> {
    const parsed = parseArguments(["send", ...args]);
    assert.ok(parsed.kind === "command");
    const { port } = server.address() as AddressInfo;
    const connect = (): Promise<DaemonConnection> => {
      const client = new DaemonConnection(createConnection(port, "127.0.0.1"));
      opened.push(client);
      return Promise.resolve(client);
    };
    return await send({
      ...{ words: parsed.words, options: parsed.options, clock, connect, connectOnly: connect },
      output: new Output(false, (_, text) => said.push(text)),
      terminal: {} as never,
      untilDaemonEnded: () => Promise.resolve(true),
      interrupted: () => new Promise(() => undefined),
    });
  }

  it("ends after half a minute where the server does not take it for now, and says for how long it is tried", async () => {
    assert.equal(await run("bob", "hello"), 0);
    assert.match(
      said.join(""),
      /^In the outbox, not sent yet: the daemon tries until 2026-11-23 14:05, also without a w/,
    );
  });

  it("ends with 3 where it was to wait and the message has not left, also while the server is away", async () => {
    assert.equal(await run("bob", "hello", "--wait"), 3);
    state = "unreachable";
    assert.equal(await run("bob", "hello", "--wait", "--timeout", "30"), 3);
    assert.equal(said.filter((text) => text.startsWith("In the outbox")).length, 2);
  });

  it("asks the next daemon with the same id, in the same name, where one died before it answered", async () => {
    deaths = 2;
    assert.equal(await run("bob", "hello"), 0);
    assert.equal(asked.length, 3);
    assert.equal(new Set(asked.map(({ mid }) => mid)).size, 1);
    assert.notEqual(asked[0]?.mid, undefined);
    for (const { as } of asked) assert.deepEqual(as, account);
  });

  it("gives up where daemons die at it again and again", async () => {
    deaths = 9;
    assert.equal(await run("bob", "hello"), 1);
    assert.deepEqual([asked.length, said], [3, ["The daemon has gone. Try again.\n"]]);
  });
});
