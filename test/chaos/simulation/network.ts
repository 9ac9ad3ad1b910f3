// Who listens where, and how a connection is made or fails. Every connection belongs to the path of the machine that is not
// the server, so that a fault of a path affects one person.

import { SimulatedSocket } from "./socket.ts";
import { Wire } from "./wire.ts";
import type { Chance } from "./chance.ts";
import type { Machine, Process } from "./machine.ts";
import type { Scheduler } from "./scheduler.ts";

export interface Listening {
  readonly process: Process;
  accept(socket: SimulatedSocket): void;
}

export class Network {
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #machines = new Map<string, Machine>();
  readonly #listening = new Map<string, Listening>();
  readonly #wires = new Map<Machine, Set<Wire>>();
  readonly #center: string;

  /** @param center the address that all paths lead to */
  constructor(scheduler: Scheduler, chance: Chance, center: string) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.#center = center;
  }

  add(machine: Machine): void {
    this.#machines.set(machine.address, machine);
    this.#wires.set(machine, new Set());
  }

  at(address: string): Machine | undefined {
    return this.#machines.get(address);
  }

  /** Listens until the process ends or the returned function is called. */
  listen(process: Process, port: number, accept: (socket: SimulatedSocket) => void): () => void {
    const key = `${process.machine.address}:${port}`;
    const listening = { process, accept };
    this.#listening.set(key, listening);
    return () => {
      if (this.#listening.get(key) === listening) this.#listening.delete(key);
    };
  }

  /** Does what `connect` of node:net does, for the current process. */
  connect(process: Process, host: string, port: number): SimulatedSocket {
    const socket = new SimulatedSocket(process, host, false);
    const from = process.machine;
    const far = from.address === this.#center ? this.#machines.get(host) : from;
    if (far) this.#knock(socket, far, `${host}:${port}`);
    else this.#scheduler.after(1, process, () => socket.refuse(refused()));
    return socket;
  }

  /** Breaks every connection of that machine. */
  cut(machine: Machine, noticeMs: number): void {
    for (const wire of this.#wires.get(machine) ?? []) wire.cut(noticeMs);
    this.#wires.get(machine)?.clear();
  }

  #knock(socket: SimulatedSocket, far: Machine, target: string): void {
    const { path } = far;
    const arriveMs = this.#chance.between(path.leastMs, path.mostMs);
    this.#scheduler.after(arriveMs, undefined, () => {
      if (socket.destroyed || !socket.process.alive) return;
      const heldMs = Math.max(path.heldFromMs, path.heldToMs) - this.#scheduler.nowMs;
      if (heldMs > 0) {
        this.#scheduler.after(heldMs, undefined, () => this.#knock(socket, far, target));
        return;
      }
      const answerMs = this.#chance.between(path.leastMs, path.mostMs);
      const listening = this.#listening.get(target);
      if (listening?.process.alive === true) this.#join(socket, far, listening, answerMs);
      else this.#scheduler.after(answerMs, socket.process, () => socket.refuse(refused()));
    });
  }

  #join(client: SimulatedSocket, far: Machine, listening: Listening, answerMs: number): void {
    const { process } = listening;
    const server = new SimulatedSocket(process, client.process.machine.address, true);
    const ends = far === client.process.machine ? { client, server } : { client: server, server: client };
    const wire = new Wire(ends, far, this.#chance);
    const wires = this.#wires.get(far);
    for (const old of wires ?? []) if (old.over) wires?.delete(old);
    wires?.add(wire);
    this.#scheduler.after(0, process, () => listening.accept(server));
    this.#scheduler.after(answerMs, client.process, () => {
      if (!client.destroyed) client.emit("connect");
    });
  }
}

function refused(): Error {
  return Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
}
