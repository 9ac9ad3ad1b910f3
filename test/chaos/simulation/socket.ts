// A TCP socket as node:net shows it to our code: the few methods and events that line-channel, link, dialler and sign-in
// use. No callback runs before the call has returned. What a peer sees (end, reset, silence) is up to the wire.

import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Process } from "./machine.ts";
import type { Wire } from "./wire.ts";

/** What crosses a wire in one direction. */
export type Item = Uint8Array | "end" | "reset";

interface Unsent {
  readonly bytes: Uint8Array;
  readonly taken: ((error?: Error | null) => void) | undefined;
}

export class SimulatedSocket extends EventEmitter {
  readonly process: Process;
  readonly allowHalfOpen: boolean;
  remoteAddress: string;
  writableLength = 0;
  destroyed = false;
  wire: Wire | undefined;
  /** Bytes that have left this process and have not been read by the other one. */
  flying = 0;
  #unsent: Unsent[] = [];
  #arrived: Item[] = [];
  #paused = false;
  #readEnded = false;
  #writeEnded = false;
  #endLeft = false;

  constructor(process: Process, remoteAddress: string, allowHalfOpen: boolean) {
    super();
    this.process = process;
    this.remoteAddress = remoteAddress;
    this.allowHalfOpen = allowHalfOpen;
    process.sockets.add(this);
  }

  /** The socket with the type that our code knows. */
  get asSocket(): Socket {
    return this as unknown as Socket;
  }

  connected(wire: Wire): void {
    this.wire = wire;
    this.#send();
  }

  write(text: string | Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.destroyed || this.#writeEnded) return false;
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    this.#unsent.push({ bytes, taken });
    this.writableLength += bytes.length;
    this.#send();
    return this.writableLength === 0;
  }

  end(text?: string): void {
    if (text !== undefined) this.write(text);
    if (this.#writeEnded || this.destroyed) return;
    this.#writeEnded = true;
    this.#send();
  }

  override on(event: string, listener: (...given: never[]) => void): this {
    if (event === "data") this.#later(() => this.#read());
    return super.on(event, listener as (...given: unknown[]) => void);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#later(() => this.#read());
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.wire?.left(this);
    this.#gone(error);
  }

  /** The process is gone: the system closes the socket, and nobody here is told. */
  orphan(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.wire?.left(this);
  }

  /** Receives data from the wire. @returns whether somebody was there */
  arrive(item: Item): boolean {
    if (this.destroyed) return false;
    if (item === "reset") {
      this.#gone(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    } else {
      this.#arrived.push(item);
      this.#read();
    }
    return true;
  }

  /** The peer has read that many bytes, so that many more may leave. */
  credit(bytes: number): void {
    this.flying -= bytes;
    if (!this.destroyed) this.#send();
  }

  /** Reports that connecting failed. */
  refuse(error: Error): void {
    if (!this.destroyed) this.#gone(error);
  }

  #send(): void {
    const { wire } = this;
    if (!wire) return;
    while (this.flying < wire.capacity) {
      const next = this.#unsent.shift();
      if (!next) break;
      this.writableLength -= next.bytes.length;
      this.flying += next.bytes.length;
      wire.carry(this, next.bytes);
      const { taken } = next;
      if (taken) this.#later(() => taken());
    }
    if (!this.#writeEnded || this.#endLeft || this.#unsent.length > 0) return;
    this.#endLeft = true;
    wire.carry(this, "end");
    this.#closeIfOver();
  }

  #read(): void {
    while (!this.#paused && !this.destroyed && this.listenerCount("data") > 0) {
      const item = this.#arrived.shift();
      if (item === undefined || item === "reset") return;
      if (item === "end") {
        if (this.#readEnded) return;
        this.#readEnded = true;
        this.emit("end");
        if (!this.allowHalfOpen) this.end();
        this.#closeIfOver();
        return;
      }
      this.wire?.read(this, item.length);
      this.emit("data", item);
    }
  }

  #closeIfOver(): void {
    if (this.#readEnded && this.#endLeft && !this.destroyed) this.#gone(undefined);
  }

  #gone(error: Error | undefined): void {
    this.destroyed = true;
    this.process.sockets.delete(this);
    this.#unsent = [];
    this.#arrived = [];
    this.writableLength = 0;
    this.#later(() => {
      if (error) this.emit("error", error);
      this.emit("close");
    });
  }

  #later(act: () => void): void {
    this.process.machine.scheduler.after(0, this.process, act);
  }
}
