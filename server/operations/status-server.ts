// Health and metrics over HTTP, for the operator's own machine: 127.0.0.1 only, two paths, one answer a connection. It shows
// no names and no messages. A page in a browser cannot read it by a name of its own (DNS rebinding, CWE-350).

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Disposable } from "../../base/disposable.ts";
import type { Log } from "../core/ports.ts";

export interface StatusSources {
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** What keeps the server from serving, or undefined when nothing does. */
  problem(): string | undefined;
}

export interface StatusServer extends Disposable {
  readonly port: number;
}

const host = "127.0.0.1";
const ownHost = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;
const maxConnections = 16;
const requestMs = 5_000;
const maxHeaderBytes = 8_192;

/**
 * @param port 0: any free one
 * @throws what the system says, such as EADDRINUSE
 */
export async function openStatusServer(port: number, sources: StatusSources, log: Log): Promise<StatusServer> {
  const server = createServer({ maxHeaderSize: maxHeaderBytes, requestTimeout: requestMs }, (request, response) => {
    serve(sources, log, request, response).catch((error: unknown) => {
      log.error("status_failed", { error: String(error) });
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  server.headersTimeout = requestMs;
  server.setTimeout(requestMs);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  // As in net/listener.ts.
  server.on("error", () => undefined);
  const { port: bound } = server.address() as AddressInfo;
  log.info("metrics_listening", { address: host, port: bound });
  return {
    port: bound,
    dispose() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(
  sources: StatusSources,
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.method === "GET" && ownHost.test(request.headers.host ?? "") ? request.url : undefined;
  if (path === "/healthz") {
    const problem = sources.problem();
    answer(response, problem === undefined ? 200 : 503, `${problem ?? "ok"}\n`);
  } else if (path === "/metrics") {
    try {
      answer(response, 200, await sources.metrics.render(), sources.metrics.contentType);
    } catch (error) {
      log.warn("metrics_unreadable", { error: String(error) });
      answer(response, 503, "the metrics cannot be read\n");
    }
  } else {
    answer(response, 404, "GET /metrics or /healthz\n");
  }
}

function answer(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(text);
}
