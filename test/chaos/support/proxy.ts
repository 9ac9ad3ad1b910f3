// A proxy with a fixed port in front of a server that comes and goes: everything between a daemon and its server can be
// cut, reset, swallowed, held, sliced, slowed or refused here. A trap springs on the line it waits for, before that line is
// passed on. To see lines, the proxy terminates the daemon's TLS with its own key, and speaks plain text to the server. It
// can also leave the TLS alone and strike between its records.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { duplexPair } from "node:stream";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { ownIdentity } from "../../../base/tls/identity.ts";
import type { TlsIdentity } from "../../../base/tls/identity.ts";
import { abort } from "./abort.ts";
import type { Chance } from "./chance.ts";
import { cutterFor } from "./cutter.ts";
import type { Sees } from "./cutter.ts";
import { Pipe } from "./pipe.ts";

export type Way = "up" | "down";

/** One connection of a client, and the one to the server behind it. */
export interface ProxiedLink {
  /** The connection itself, and its decrypted content; the same if records are seen. */
  readonly raw: Socket;
  readonly client: Socket;
  readonly server: Socket;
  /** Towards the server, and towards the client. */
  readonly pipes: Readonly<Record<Way, Pipe>>;
  /** Whether nothing more is passed on. */
  dead: boolean;
  /** Starts the handshake. Idempotent. */
  begin(): void;
}

export interface Trap {
  /** Whether it springs on that line, or kind of record; a link that has just opened shows the line "". */
  readonly springs: (way: Way, line: string) => boolean;
  /** @param bytes of the line and its newline @returns how many of them are still passed on; undefined: all */
  readonly strike: (link: ProxiedLink, way: Way, bytes: number) => number | undefined;
}

export class ChaosProxy {
  readonly port: number;
  /** Where the server is now. */
  target: number;
  trap: Trap | undefined;
  /** What happens to a new connection before anything is passed on. @returns false if it is refused */
  welcome: ((link: ProxiedLink) => void) | undefined;
  /** This many connections are reset at once. */
  refusals = 0;
  refused = 0;
  readonly #server: Server;
  /** Absent if it leaves the TLS alone. */
  readonly #identity: TlsIdentity | undefined;
  readonly #sees: Sees;
  readonly #chance: Chance;
  readonly #links = new Set<ProxiedLink>();
  /** Connections to the server; one stays without its client if the network swallows that the client is gone. */
  readonly #far = new Set<Socket>();

  private constructor(server: Server, identity: TlsIdentity | undefined, target: number, chance: Chance) {
    this.#server = server;
    this.#identity = identity;
    this.#sees = identity ? "lines" : "records";
    this.#chance = chance;
    this.target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (raw: Socket) => this.#open(raw));
  }

  static async open(target: number, chance: Chance, sees: Sees = "lines"): Promise<ChaosProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ChaosProxy(server, sees === "lines" ? await someIdentity() : undefined, target, chance);
  }

  get links(): ReadonlySet<ProxiedLink> {
    return this.#links;
  }

  async dispose(): Promise<void> {
    this.#server.close();
    for (const link of this.#links) reset(link);
    for (const socket of this.#far) socket.destroy();
    await once(this.#server, "close");
  }

  #open(raw: Socket): void {
    raw.on("error", () => undefined);
    if (this.refusals > 0) {
      this.refusals -= 1;
      this.refused += 1;
      abort(raw);
      return;
    }
    const server = connect({ port: this.target, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    const { client, begin, outer } = this.#identity ? endTls(raw, this.#identity) : untouched(raw);
    const pipes = { up: new Pipe(server, this.#chance), down: new Pipe(client, this.#chance) };
    const link: ProxiedLink = { raw, client, server, pipes, dead: false, begin };
    this.#links.add(link);
    this.#far.add(server.once("close", () => this.#far.delete(server)));
    raw.once("close", () => {
      client.destroy(raw.errored ?? undefined);
      this.#links.delete(link);
    });
    outer.once("end", () => link.dead && raw.destroySoon());
    for (const [socket, way] of [[client, "up"] as const, [server, "down"] as const]) {
      socket.on("data", this.#reader(link, way));
      socket.on("end", () => pipes[way].end());
      socket.on("error", () => undefined);
      socket.once("close", () => this.#closed(link, socket));
    }
    this.welcome?.(link);
    this.#spring(link, "up", "", 0);
    if (pipes.up.manner.kind !== "swallow" && pipes.up.manner.kind !== "hold") begin();
  }

  /** Cuts incoming data into pieces, so that a trap springs between two of them. */
  #reader(link: ProxiedLink, way: Way): (chunk: Buffer) => void {
    const cut = cutterFor(this.#sees);
    return (chunk) => {
      for (const { bytes, seen } of cut(chunk)) {
        if (link.dead) return;
        const passed = this.#spring(link, way, seen, bytes.length) ?? bytes.length;
        if (passed > 0) link.pipes[way].push(bytes.subarray(0, passed));
        if (passed < bytes.length) drop(link);
      }
    };
  }

  #spring(link: ProxiedLink, way: Way, line: string, bytes: number): number | undefined {
    const { trap } = this;
    if (trap?.springs(way, line) !== true) return undefined;
    this.trap = undefined;
    return trap.strike(link, way, bytes);
  }

  /** If one side is gone, the other one is told, unless the network swallows that. */
  #closed(link: ProxiedLink, socket: Socket): void {
    const other = socket === link.client ? link.server : link.client;
    const towards = link.pipes[socket === link.client ? "up" : "down"];
    if (towards.manner.kind !== "swallow" && towards.manner.kind !== "hold") {
      towards.end();
      if (socket.errored) abort(other === link.client ? link.raw : other);
    }
  }
}

interface Said {
  readonly client: Socket;
  /** The other end of the data that is read from the connection. */
  readonly outer: Duplex;
  readonly begin: () => void;
}

function endTls(raw: Socket, { key, certificate }: TlsIdentity): Said {
  const [inner, outer] = duplexPair();
  const client = new TLSSocket(inner, { isServer: true, key, cert: certificate, minVersion: "TLSv1.3" });
  let begun = false;
  const begin = (): void => {
    if (!begun) raw.pipe(outer).pipe(raw);
    begun = true;
  };
  return { client, outer, begin };
}

function untouched(raw: Socket): Said {
  return { client: raw, outer: raw, begin: () => undefined };
}

async function someIdentity(): Promise<TlsIdentity> {
  const folder = mkdtempSync(join(tmpdir(), "chat-room-proxy-"));
  const identity = await ownIdentity(folder, "proxy", Date.now());
  rmSync(folder, { recursive: true });
  return identity;
}

/** Both ends see the connection end, whatever was in flight; data that was passed on before still arrives. */
export function drop(link: ProxiedLink): void {
  link.dead = true;
  link.begin();
  link.client.end();
  link.server.destroySoon();
}

export function reset(link: ProxiedLink): void {
  link.dead = true;
  abort(link.raw);
  abort(link.server);
  link.client.destroy();
}
