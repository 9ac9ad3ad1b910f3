// One direction of a proxied connection: passes bytes on, in order, in its current manner. Held bytes leave when the manner
// changes; swallowed bytes are gone, as with a network that lost the connection's state.

import type { Socket } from "node:net";
import type { Chance } from "./chance.ts";

export type Manner =
  | { readonly kind: "pass" }
  /** Held, like a network that is down for a while and whose ends retransmit. */
  | { readonly kind: "hold" }
  | { readonly kind: "swallow" }
  /** This many bytes at a time. */
  | { readonly kind: "slice"; readonly bytes: number }
  /** This many bytes per interval. */
  | { readonly kind: "throttle"; readonly bytes: number; readonly everyMs: number }
  /** Each piece later, by a random delay up to this. */
  | { readonly kind: "delay"; readonly upToMs: number };

export const passing: Manner = { kind: "pass" };

export class Pipe {
  readonly #to: Socket;
  readonly #chance: Chance;
  #manner: Manner = passing;
  #queue: Buffer[] = [];
  #pump: NodeJS.Immediate | NodeJS.Timeout | undefined;
  #ending = false;
  /** Bytes that arrived while nothing was passed on. */
  stopped = 0;

  constructor(to: Socket, chance: Chance) {
    this.#to = to;
    this.#chance = chance;
  }

  get manner(): Manner {
    return this.#manner;
  }

  set manner(manner: Manner) {
    this.#manner = manner;
    this.#schedule();
  }

  push(chunk: Buffer): void {
    if (this.#manner.kind === "swallow" || this.#manner.kind === "hold") this.stopped += chunk.length;
    if (this.#manner.kind === "swallow") return;
    this.#queue.push(chunk);
    this.#schedule();
  }

  /** Nothing more comes in; queued data leaves first. */
  end(): void {
    this.#ending = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#pump !== undefined || this.#manner.kind === "hold" || this.#manner.kind === "swallow") return;
    if (this.#manner.kind === "pass") this.#step();
    else if (this.#manner.kind === "slice") this.#pump = setImmediate(() => this.#next());
    else this.#pump = setTimeout(() => this.#next(), this.#waitMs());
  }

  #next(): void {
    this.#pump = undefined;
    if (this.#manner.kind === "hold" || this.#manner.kind === "swallow") return;
    this.#step();
    if (this.#queue.length > 0) this.#schedule();
  }

  #step(): void {
    const { kind } = this.#manner;
    if (kind === "slice" || kind === "throttle") this.#write(this.#take(this.#manner.bytes));
    else if (kind === "delay") this.#write(this.#queue.shift());
    else for (const chunk of this.#queue.splice(0)) this.#write(chunk);
    if (this.#ending && this.#queue.length === 0 && !this.#to.writableEnded) this.#to.end();
  }

  #take(bytes: number): Buffer | undefined {
    const first = this.#queue.shift();
    if (!first || first.length <= bytes) return first;
    this.#queue.unshift(first.subarray(bytes));
    return first.subarray(0, bytes);
  }

  #write(chunk: Buffer | undefined): void {
    if (chunk && !this.#to.writableEnded && !this.#to.destroyed) this.#to.write(chunk);
  }

  #waitMs(): number {
    if (this.#manner.kind === "throttle") return this.#manner.everyMs;
    return this.#manner.kind === "delay" ? this.#chance.between(0, this.#manner.upToMs) : 0;
  }
}
