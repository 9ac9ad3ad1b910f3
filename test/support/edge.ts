// The server's edge alone: its listening socket and links with real connections. A stand-in for the core answers every
// object with what it was, and treats it as a sign-in if its type is `auth`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../base/clock.ts";
import { loopbackTrust } from "../../protocol/ip/loopback.ts";
import { ownIdentity } from "../../base/tls/identity.ts";
import type { Frame } from "../../protocol/wire/frame.ts";
import type { Link, LinkEvents } from "../../server/core/ports.ts";
import { EdgeCounters } from "../../server/net/edge-counters.ts";
import { listen } from "../../server/net/server-listener.ts";
import type { Listener, ListenerOptions } from "../../server/net/server-listener.ts";

export interface LoggedEvent {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export class Edge {
  readonly links: Link[] = [];
  readonly frames: Frame[] = [];
  readonly read = { lines: 0, bytes: 0 };
  readonly logged: LoggedEvent[] = [];
  readonly counters = new EdgeCounters();
  /** Called after each log event and each frame. */
  changed: () => void = () => undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), "chat-room-edge-"));
  #listener: Listener | undefined;

  static async open(options: Partial<ListenerOptions> = {}): Promise<Edge> {
    const edge = new Edge();
    edge.#listener = await listen({
      ...{ host: "127.0.0.1", port: 0, clock: systemClock, plain: true, trusts: loopbackTrust(true), proxies: [] },
      limits: { open: 0, perMinute: 0, loopback: false },
      identity: await ownIdentity(edge.#folder, "test", Date.now()),
      maxConnections: undefined,
      counters: edge.counters,
      log: edge.#log(),
      connect: (link) => edge.#connect(link),
      ...options,
    });
    return edge;
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  /** Returns the events with that name. */
  events(name: string): LoggedEvent[] {
    return this.logged.filter(({ event }) => event === name);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.changed = resolve));
  }

  async dispose(): Promise<void> {
    this.#listener?.stop();
    await this.#listener?.ended(0);
    rmSync(this.#folder, { recursive: true });
  }

  #connect(link: Link): LinkEvents {
    this.links.push(link);
    return {
      read: (lines, bytes) => {
        this.read.lines += lines;
        this.read.bytes += bytes;
      },
      frame: (frame) => {
        this.frames.push(frame);
        if (frame.kind === "object") {
          if (frame.value["type"] === "auth") link.setTrusted(true);
          if (frame.value["type"] === "logout") link.setTrusted(false);
          link.send(
            `${JSON.stringify({ result: "ok", type: undefined, id: frame.value["id"], from: link.address })}\n`,
          );
        } else {
          link.send(`${JSON.stringify({ result: "fail", code: frame.kind })}\n`);
          if (frame.kind === "too_large") link.close();
        }
        this.changed();
      },
      taken: () => undefined,
      ended: () => link.close(),
      closed: () => this.changed(),
    };
  }

  #log(): ListenerOptions["log"] {
    const at =
      (level: string) =>
      (event: string, fields: object = {}) => {
        this.logged.push({ level, event, ...fields });
        this.changed();
      };
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }
}
