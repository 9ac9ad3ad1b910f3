// One TCP connection between two sockets: bytes arrive late, in pieces of any size, in order; or not at all. A cut loses
// what was in flight. Each end learns of it at a different time, and in between the connection is half-open.

import type { Chance } from "./chance.ts";
import type { Machine } from "./machine.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Item, SimulatedSocket } from "./socket.ts";

interface Transit {
  readonly dueMs: number;
  readonly item: Item;
}

interface Direction {
  readonly to: SimulatedSocket;
  readonly queue: Transit[];
  lastDueMs: number;
  /** When all sent data will be on the line. */
  idleMs: number;
  awake: boolean;
}

export interface Ends {
  /** The owner of the path: the client. */
  readonly client: SimulatedSocket;
  readonly server: SimulatedSocket;
}

export class Wire {
  /** Bytes that the two systems buffer for a reader that does not read. */
  readonly capacity: number;
  readonly #ends: Ends;
  readonly #machine: Machine;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #fromClient: Direction;
  readonly #fromServer: Direction;
  #cut = false;

  constructor(ends: Ends, machine: Machine, chance: Chance) {
    this.#ends = ends;
    this.#machine = machine;
    this.#scheduler = machine.scheduler;
    this.#chance = chance;
    this.capacity = chance.integer(4, 128) * 1_024;
    this.#fromClient = { to: ends.server, queue: [], lastDueMs: 0, idleMs: 0, awake: false };
    this.#fromServer = { to: ends.client, queue: [], lastDueMs: 0, idleMs: 0, awake: false };
    ends.client.connected(this);
    ends.server.connected(this);
  }

  /** Whether nothing more will arrive on it. */
  get over(): boolean {
    return this.#cut || (this.#ends.client.destroyed && this.#ends.server.destroyed);
  }

  carry(from: SimulatedSocket, item: Item): void {
    if (this.#cut) return;
    const way = from === this.#ends.client ? this.#fromClient : this.#fromServer;
    if (typeof item === "string" || item.length < 2 || !this.#chance.happens(0.15)) {
      this.#enqueue(way, item);
      return;
    }
    const at = this.#chance.integer(1, item.length - 1);
    this.#enqueue(way, item.subarray(0, at));
    this.#enqueue(way, item.subarray(at));
  }

  /** That end closed its socket: its data still arrives, or is lost to a reset, as TCP does with unread data. */
  left(by: SimulatedSocket): void {
    if (this.#cut) return;
    const way = by === this.#ends.client ? this.#fromClient : this.#fromServer;
    if (this.#chance.happens(0.5)) {
      this.#enqueue(way, "end");
    } else {
      way.queue.length = 0;
      this.#enqueue(way, "reset");
    }
  }

  /** That end's process has read that many bytes. */
  read(by: SimulatedSocket, bytes: number): void {
    const { client, server } = this.#ends;
    const from = by === client ? server : client;
    this.#scheduler.after(0, from.process, () => from.credit(bytes));
  }

  /** The connection is lost, with everything in flight. @param noticeMs until either end may notice */
  cut(noticeMs: number): void {
    if (this.over) return;
    this.#cut = true;
    for (const { to, queue } of [this.#fromClient, this.#fromServer]) {
      queue.length = 0;
      this.#scheduler.after(this.#chance.between(0, noticeMs), to.process, () => to.arrive("reset"));
    }
  }

  #enqueue(way: Direction, item: Item): void {
    const { leastMs, mostMs, bytesPerMs } = this.#machine.path;
    const bytes = typeof item === "string" ? 0 : item.length;
    way.idleMs = Math.max(way.idleMs, this.#scheduler.nowMs) + bytes / bytesPerMs;
    const dueMs = Math.max(way.lastDueMs, way.idleMs + this.#chance.between(leastMs, mostMs));
    way.lastDueMs = dueMs;
    way.queue.push({ dueMs, item });
    if (!way.awake) this.#wake(way, dueMs);
  }

  #wake(way: Direction, atMs: number): void {
    way.awake = true;
    this.#scheduler.at(atMs, undefined, () => {
      const { process } = way.to;
      if (process.alive && process.stalledUntilMs > this.#scheduler.nowMs) {
        this.#wake(way, process.stalledUntilMs);
        return;
      }
      // Also if the process is gone: then the system of that machine answers.
      this.#scheduler.become(process);
      this.#deliver(way);
    });
  }

  #deliver(way: Direction): void {
    way.awake = false;
    if (this.#cut) return;
    const { path } = this.#machine;
    const heldMs = way === this.#fromClient ? path.heldFromMs : path.heldToMs;
    if (heldMs > this.#scheduler.nowMs) {
      if (way.queue.length > 0) this.#wake(way, heldMs);
      return;
    }
    while ((way.queue[0]?.dueMs ?? Infinity) <= this.#scheduler.nowMs) {
      const next = way.queue.shift();
      if (next && !way.to.arrive(next.item) && next.item !== "reset") this.#refuse(way);
    }
    const head = way.queue[0];
    if (head) this.#wake(way, head.dueMs);
  }

  /** Data arrived for a closed socket: its system answers with a reset. */
  #refuse(way: Direction): void {
    way.queue.length = 0;
    const back = way === this.#fromClient ? this.#fromServer : this.#fromClient;
    if (back.to.destroyed) return;
    this.#enqueue(back, "reset");
  }
}
