import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { PeerWire } from "../../../../daemon/peer/peer-wire.ts";
import type { PeerWireEvents } from "../../../../daemon/peer/peer-wire.ts";
import type { Push } from "../../../../daemon/connection/line-client.ts";
import { failure } from "../../../../protocol/errors.ts";
import { requestPush } from "../../../../protocol/wire/direct.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

type Answer = Readonly<Record<string, unknown>>;

/** More than both systems between the two ends take, and then more than a channel keeps before it is cut off. */
const floodBytes = 36 * 1_024 * 1_024;
/** 768 bytes on the wire, in the request and in its answer. */
const longId = "\u0001".repeat(120);

describe("a peer wire", () => {
  let server: Server;
  let peer: Socket;
  let wire: PeerWire;
  let clock: FakeClock;
  let requests: Push[];
  let onRequest: (request: Push) => void;

  beforeEach(async () => {
    clock = new FakeClock();
    requests = [];
    onRequest = (request) => request.refuse(failure("unknown_type"));
    server = createServer({ allowHalfOpen: true });
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    peer = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
    peer.pause().on("error", () => undefined);
    wire = new PeerWire(await accepted, clock, events());
  });
  afterEach(async () => {
    peer.destroy();
    wire.destroy();
    server.close();
    await once(server, "close");
  });

  const events = (): PeerWireEvents => ({
    onRequest: (request) => {
      requests.push(request);
      onRequest(request);
    },
    onClose: () => undefined,
  });

  for (const [kind, line] of [
    ["requests", { type: "nonsense" }],
    ["lines that are none", {}],
  ] as const) {
    it(`reads no more ${kind} from whoever takes no answers, and goes on once they are taken [P-8.3]`, async () => {
      const sent = flood(line);
      await standstill();
      assert.deepEqual({ closed: wire.closed, allRead: peer.writableLength === 0 }, { closed: false, allRead: false });
      await answersTo(sent);
    });
  }

  it("is cut off where nothing of them is taken for 10 s [P-8.3]", async () => {
    flood({ type: "nonsense" });
    await standstill();
    clock.advance(11_000);
    await until(() => wire.closed);
  });

  it("hands out nothing behind an answer that holds before it is admitted, whatever is answered meanwhile", async () => {
    onRequest = () => undefined;
    const asked = wire.request(requestPush, { from: "bob" }, 10_000, true);
    peer.write('{"type":"first","id":1}\n{"id":1,"result":"ok"}\n{"type":"second","id":2}\n');
    assert.equal((await asked)?.ok, true);
    requests[0]?.accept();
    await standstill();
    assert.deepEqual(types(), ["first"]);
    wire.admitted(events());
    await until(() => requests.length === 2);
    assert.deepEqual(types(), ["first", "second"]);
  });

  const types = () => requests.map(({ type }) => type);

  /** @returns how many lines were sent */
  function flood(line: object): number {
    const bytes = JSON.stringify({ id: longId }).length;
    const lines = Math.ceil(floodBytes / bytes);
    for (let first = 0; first < lines; first += 1_000) {
      const ids = Array.from({ length: Math.min(1_000, lines - first) }, (_, count) => `${longId}${first + count}`);
      peer.write(ids.map((id) => `${JSON.stringify({ ...line, id })}\n`).join(""));
    }
    return lines;
  }

  /** Every line has one answer, in order. */
  async function answersTo(lines: number): Promise<void> {
    let answered = 0;
    let rest = "";
    peer.setEncoding("utf8").resume();
    peer.on("data", (text: string) => {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        assert.equal((JSON.parse(piece) as Answer)["id"], `${longId}${answered}`);
        answered += 1;
      }
    });
    await until(() => answered === lines);
  }

  /** Nothing was read or handed out for a while. */
  async function standstill(): Promise<void> {
    const state = (): string => `${peer.writableLength} ${requests.length}`;
    for (let before = ""; before !== state();) {
      before = state();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
