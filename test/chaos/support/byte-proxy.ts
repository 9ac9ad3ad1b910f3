// A proxy with a fixed port in front of a listener that comes and goes, for bytes that only the two ends can read. It cuts,
// resets, swallows, holds, slices and slows them, at any byte, and remembers what passed.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { abort } from "./abort.ts";
import type { Chance } from "./chance.ts";
import { passing, Pipe } from "./pipe.ts";
import type { Manner } from "./pipe.ts";

export type Direction = "there" | "back";
const directions: readonly Direction[] = ["there", "back"];

/** One connection, from the dialling end to the listener. */
export interface Passage {
  readonly near: Socket;
  readonly far: Socket;
  readonly pipes: Readonly<Record<Direction, Pipe>>;
  /** Bytes received from either end. */
  readonly passed: Record<Direction, number>;
  /** Received from the dialling end; the first 64 KiB. */
  readonly heard: Buffer[];
}

const heardBytes = 64 * 1_024;

export class ByteProxy {
  readonly port: number;
  /** Where the listener is now. */
  target = 0;
  /** What happens to a new connection before anything is passed on. */
  welcome: ((passage: Passage) => void) | undefined;
  /** Replaces bytes before they are passed on. */
  tamper: ((chunk: Buffer) => Buffer) | undefined;
  /** This many connections are reset at once. */
  refusals = 0;
  /** Connections so far. */
  opened = 0;
  /** The link is cut after this many further bytes, in both directions together. */
  cutAfterBytes: number | undefined;
  readonly #server: Server;
  readonly #chance: Chance;
  readonly #passages = new Set<Passage>();

  private constructor(server: Server, chance: Chance) {
    this.#server = server;
    this.#chance = chance;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (near: Socket) => this.#open(near));
  }

  static async open(chance: Chance): Promise<ByteProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ByteProxy(server, chance);
  }

  get passages(): ReadonlySet<Passage> {
    return this.#passages;
  }

  /** Applies that manner to every current and future connection. */
  lasting(ways: readonly Direction[], manner: Manner): void {
    this.welcome = ({ pipes }) => {
      for (const way of ways) pipes[way].manner = manner;
    };
    for (const passage of this.#passages) this.welcome(passage);
  }

  cut(): void {
    for (const { near, far } of this.#passages) {
      near.destroySoon();
      far.destroySoon();
    }
  }

  reset(): void {
    for (const { near, far } of this.#passages) for (const end of [near, far]) abort(end);
  }

  /**
   * The network recovers: held data leaves, and connections with swallowed data are reset, as by a router that forgot them.
   */
  heal(): void {
    this.welcome = undefined;
    this.refusals = 0;
    this.cutAfterBytes = undefined;
    for (const { pipes, near, far } of this.#passages) {
      const swallowed = directions.some((way) => pipes[way].manner.kind === "swallow");
      if (swallowed) for (const end of [near, far]) abort(end);
      for (const way of directions) pipes[way].manner = passing;
    }
  }

  async dispose(): Promise<void> {
    this.#server.close();
    this.reset();
    await once(this.#server, "close");
  }

  #open(near: Socket): void {
    this.opened += 1;
    near.on("error", () => undefined);
    if (this.refusals > 0) {
      this.refusals -= 1;
      abort(near);
      return;
    }
    const far = connect({ port: this.target, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    const pipes = { there: new Pipe(far, this.#chance), back: new Pipe(near, this.#chance) };
    const passage: Passage = { near, far, pipes, passed: { there: 0, back: 0 }, heard: [] };
    this.#passages.add(passage);
    for (const [socket, way] of [[near, "there"] as const, [far, "back"] as const]) {
      socket.on("data", (chunk: Buffer) => this.#pass(passage, way, chunk));
      socket.on("end", () => pipes[way].end());
      socket.on("error", () => undefined);
      socket.once("close", () => this.#closed(passage, socket));
    }
    this.welcome?.(passage);
  }

  #pass(passage: Passage, way: Direction, received: Buffer): void {
    const chunk = this.tamper?.(received) ?? received;
    if (way === "there" && passage.passed.there < heardBytes) passage.heard.push(chunk);
    const left = this.cutAfterBytes ?? Infinity;
    const passes = chunk.subarray(0, Math.min(left, chunk.length));
    passage.passed[way] += passes.length;
    passage.pipes[way].push(passes);
    if (this.cutAfterBytes === undefined) return;
    this.cutAfterBytes -= passes.length;
    if (passes.length === chunk.length) return;
    this.cutAfterBytes = undefined;
    this.cut();
  }

  /** If one end is gone, the other one is told, unless the network swallows that. */
  #closed(passage: Passage, socket: Socket): void {
    const { near, far, pipes } = passage;
    if (near.destroyed && far.destroyed) this.#passages.delete(passage);
    const towards = pipes[socket === near ? "there" : "back"];
    if (towards.manner.kind === "swallow" || towards.manner.kind === "hold") return;
    towards.end();
    if (socket.errored) abort(socket === near ? far : near);
  }
}
