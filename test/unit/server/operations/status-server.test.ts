import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { openStatusServer } from "../../../../server/operations/status-server.ts";
import type { StatusServer } from "../../../../server/operations/status-server.ts";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

describe("the status port", () => {
  let server: StatusServer;
  let problem: string | undefined;
  let events: string[];
  let render: () => Promise<string>;

  beforeEach(async () => {
    problem = undefined;
    events = [];
    render = () => Promise.resolve("some_metric 1\n");
    const note = (event: string) => void events.push(event);
    const sources = { metrics: { contentType: "text/plain", render: () => render() }, problem: () => problem };
    server = await openStatusServer({ host: "127.0.0.1", port: 0 }, sources, {
      debug: note,
      info: note,
      warn: note,
      error: note,
    });
  });
  afterEach(() => server.dispose());

  async function ask(path: string, method = "GET", host = `127.0.0.1:${server.port}`): Promise<Answer> {
    const asked = request({ host: "127.0.0.1", port: server.port, path, method, headers: { host } }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  }

  it("says where it listens in the log", () => {
    assert.deepEqual(events, ["metrics_listening"]);
  });

  it("is healthy with 200, and says why not with 503", async () => {
    assert.deepEqual([(await ask("/healthz")).status, (await ask("/healthz")).body], [200, "ok\n"]);
    problem = "stopping";
    assert.deepEqual([(await ask("/healthz")).status, (await ask("/healthz")).body], [503, "stopping\n"]);
  });

  it("shows the metrics, and answers 503 when they cannot be read", async () => {
    assert.equal((await ask("/metrics")).body, "some_metric 1\n");
    render = () => Promise.reject(new Error("no disk"));
    assert.equal((await ask("/metrics")).status, 503);
    assert.ok(events.includes("metrics_unreadable"));
  });

  for (const [method, path] of [
    ["GET", "/"],
    ["GET", "/metrics/"],
    ["GET", "/healthz?x=1"],
    ["POST", "/metrics"],
    ["DELETE", "/healthz"],
  ] as const) {
    it(`answers ${method} ${path} with 404`, async () => {
      assert.equal((await ask(path, method)).status, 404);
    });
  }

  it("is nothing to a page that calls this machine by a name of its own", async () => {
    assert.equal((await ask("/metrics", "GET", "evil.example")).status, 404);
    assert.equal((await ask("/metrics", "GET", "127.0.0.1.evil.example")).status, 404);
    assert.equal((await ask("/metrics", "GET", `localhost:${server.port}`)).status, 200);
  });

  it("may be called by any address, which no page can take for its own name, and by the host it was given", async () => {
    for (const host of ["10.0.0.7:9765", "10.0.0.7", "[::1]:9765", "[fd00::7]", "LOCALHOST"]) {
      assert.equal((await ask("/healthz", "GET", host)).status, 200, host);
    }
    for (const host of [
      "[evil]",
      "10.0.0.7.evil.example",
      "evil.example:9765",
      "localhost.evil.example",
      "10.0.0.7:x",
    ]) {
      assert.equal((await ask("/healthz", "GET", host)).status, 404, host);
    }
    server.dispose();
    const sources = { metrics: { contentType: "text/plain", render: () => render() }, problem: () => problem };
    const note = (): void => undefined;
    server = await openStatusServer({ host: "localhost", port: 0 }, sources, {
      ...{ debug: note, info: note, warn: note, error: note },
    });
    assert.equal((await ask("/healthz", "GET", `Localhost:${server.port}`)).status, 200);
  });

  it("serves one request a connection, and none that is too long", async () => {
    assert.equal((await ask("/healthz")).headers.connection, "close");
    const socket = connect(server.port, "127.0.0.1");
    socket.write(`GET /metrics HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`);
    socket.on("error", () => undefined).resume();
    await once(socket, "close");
  });
});
