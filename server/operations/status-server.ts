// Health and metrics over HTTP, for the operator: two paths, one answer per connection. It shows no names and no messages.
// A web page cannot read it under a host name of its own (DNS rebinding, CWE-350); an IP address is accepted, as it cannot
// be rebound.

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { listenAt } from "../../base/accept/accept.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Log } from "../core/ports.ts";

export interface StatusSources {
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** What keeps the server from serving; undefined if nothing does. */
  problem(): string | undefined;
}

export interface StatusServer extends Disposable {
  readonly port: number;
}

export interface StatusPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

const maxConnections = 16;
const requestMs = 5_000;
const maxHeaderBytes = 8_192;

/** @throws the system's error, such as EADDRINUSE */
export async function openStatusServer(
  { host, port }: StatusPlace,
  sources: StatusSources,
  log: Log,
): Promise<StatusServer> {
  const server = createServer({ maxHeaderSize: maxHeaderBytes, requestTimeout: requestMs }, (request, response) => {
    const path = request.method === "GET" && isMeant(request.headers.host, host) ? request.url : undefined;
    serve(sources, log, path, response).catch((error: unknown) => {
      log.error("status_failed", { error: String(error) });
      response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  server.headersTimeout = requestMs;
  server.setTimeout(requestMs);
  const { address, port: bound } = await listenAt(server, { port, host });
  log.info("metrics_listening", { address, port: bound });
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
  path: IncomingMessage["url"],
  response: ServerResponse,
): Promise<void> {
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

/** @param header the Host header @param host the configured host */
function isMeant(header: string | undefined, host: string): boolean {
  const [, ipv6, name = ipv6] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(header ?? "") ?? [];
  if (name === undefined) return false;
  return isIP(name) !== 0 || ["localhost", host.toLowerCase()].includes(name.toLowerCase());
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
