// A TCP proxy with a fixed port in front of a server that comes and goes: everything between a daemon and its server can
// be cut, reset, swallowed, held, sliced, slowed or refused from here. A trap springs on the line it waits for, before that
// line is passed on.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Chance } from "./chance.ts";
import { Pipe } from "./pipe.ts";

export type Way = "up" | "down";

/** One connection of a client, and the one to the server behind it. */
export interface ProxiedLink {
  readonly client: Socket;
  readonly server: Socket;
  /** Towards the server, and towards the client. */
  readonly pipes: Readonly<Record<Way, Pipe>>;
  /** Nothing of it is passed on any more. */
  dead: boolean;
}

export interface Trap {
  /** Whether it springs on that line; a link that just opened shows the line "". */
  readonly springs: (way: Way, line: string) => boolean;
  /** @param bytes of the line and its newline @returns how many of them are still passed on; all, if undefined */
  readonly strike: (link: ProxiedLink, way: Way, bytes: number) => number | undefined;
}

export class ChaosProxy {
  readonly port: number;
  /** Where the server is now. */
  target: number;
  trap: Trap | undefined;
  /** What happens to a new connection, before anything is passed on. @returns false where it is refused */
  welcome: ((link: ProxiedLink) => void) | undefined;
  /** So many connections are reset at once. */
  refusals = 0;
  refused = 0;
  readonly #server: Server;
  readonly #chance: Chance;
  readonly #links = new Set<ProxiedLink>();

  private constructor(server: Server, target: number, chance: Chance) {
    this.#server = server;
    this.#chance = chance;
    this.target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client: Socket) => this.#open(client));
  }

  static async open(target: number, chance: Chance): Promise<ChaosProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ChaosProxy(server, target, chance);
  }

  get links(): ReadonlySet<ProxiedLink> {
    return this.#links;
  }

  async dispose(): Promise<void> {
    this.#server.close();
    for (const link of this.#links) drop(link);
    await once(this.#server, "close");
  }

  #open(client: Socket): void {
    if (this.refusals > 0) {
      this.refusals -= 1;
      this.refused += 1;
      client.on("error", () => undefined);
      abort(client);
      return;
    }
    const server = connect({ port: this.target, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    const pipes = { up: new Pipe(server, this.#chance), down: new Pipe(client, this.#chance) };
    const link: ProxiedLink = { client, server, pipes, dead: false };
    this.#links.add(link);
    for (const [socket, way] of [[client, "up"] as const, [server, "down"] as const]) {
      const read = this.#reader(link, way);
      socket.on("data", read);
      socket.on("end", () => pipes[way].end());
      socket.on("error", () => undefined);
      socket.once("close", () => this.#closed(link, socket));
    }
    this.welcome?.(link);
    this.#spring(link, "up", "", 0);
  }

  /** Splits what comes into lines, so that a trap springs between two of them. */
  #reader(link: ProxiedLink, way: Way): (chunk: Buffer) => void {
    return (chunk) => {
      let rest = chunk;
      while (rest.length > 0 && !link.dead) {
        const at = rest.indexOf(0x0a);
        const line = at === -1 ? rest : rest.subarray(0, at + 1);
        const passed = this.#spring(link, way, line.toString("utf8"), line.length) ?? line.length;
        if (passed > 0) link.pipes[way].push(line.subarray(0, passed));
        if (passed < line.length) drop(link);
        rest = rest.subarray(line.length);
      }
    };
  }

  #spring(link: ProxiedLink, way: Way, line: string, bytes: number): number | undefined {
    const { trap } = this;
    if (trap?.springs(way, line) !== true) return undefined;
    this.trap = undefined;
    return trap.strike(link, way, bytes);
  }

  /** Where one side is gone the other one is told, unless the network swallows that. */
  #closed(link: ProxiedLink, socket: Socket): void {
    const other = socket === link.client ? link.server : link.client;
    const towards = link.pipes[socket === link.client ? "up" : "down"];
    if (towards.manner.kind !== "swallow" && towards.manner.kind !== "hold") {
      towards.end();
      if (socket.errored) abort(other);
    }
    if (link.client.destroyed && link.server.destroyed) this.#links.delete(link);
  }
}

/** Both ends see the connection end, whatever was under way; what was passed on before still arrives. */
export function drop(link: ProxiedLink): void {
  link.dead = true;
  link.client.destroySoon();
  link.server.destroySoon();
}

export function reset(link: ProxiedLink): void {
  link.dead = true;
  abort(link.client);
  abort(link.server);
}

/** With a reset, where one can still be sent: Node.js 24 leaks a socket that is reset while it shuts down. */
function abort(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
