// A socket that carries one JSON object per line in both directions [P-1]: a reader (line-reader.ts), a writer
// (line-writer.ts), and the end of both. Knows framing and sockets, not the meaning of the objects.

import type { Socket } from "node:net";
import { encodeFrame } from "../../protocol/wire/frame.ts";
import type { JsonObject } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { LineReader } from "./line-reader.ts";
import type { LineReaderOptions } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";

export interface LineChannelOptions extends LineReaderOptions {
  /** Beyond this many unsent bytes a peer that reads nothing for 10 s is cut off [P-8.3]. Default: 1 MiB. */
  readonly maxUnsentBytes?: number;
  /** At this many unsent bytes it is cut off in any case. Default: 16 MiB. */
  readonly capUnsentBytes?: number;
  /** Called once, when the peer has ended its side and its last frame is handed out. Finish pending work, then `close`. */
  onEnd(): void;
  /** The system has accepted every line up to number `mark`: they are no longer in this process. */
  onTaken?(mark: number): void;
  /** Called once; with an `error` if the transport failed or a limit was exceeded. */
  onClose(error: Error | undefined): void;
}

const defaultCapUnsentBytes = 16 * 1_024 * 1_024;

export class LineChannel {
  readonly #socket: Socket;
  readonly #options: LineChannelOptions;
  readonly #reader: LineReader;
  readonly #writer: LineWriter;
  readonly #maxUnsentBytes: number;
  #closing = false;
  #discardedBytes = 0;
  #closed = false;
  #error: Error | undefined;

  constructor(socket: Socket, options: LineChannelOptions) {
    const { clock, capUnsentBytes = defaultCapUnsentBytes } = options;
    this.#socket = socket;
    this.#options = options;
    this.#maxUnsentBytes = options.maxUnsentBytes ?? limits.maxUnsentBytes;
    this.#reader = new LineReader(socket, options);
    this.#writer = new LineWriter(socket, {
      ...{ clock, maxUnsentBytes: this.#maxUnsentBytes, capUnsentBytes },
      onTaken: (mark) => options.onTaken?.(mark),
      onStalled: (error) => this.destroy(error),
    });
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("end", () => this.#reader.end());
    // Node.js leaves a TLS socket open after a bad record; the listener has to close it.
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.#closedBySocket());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Longer lines are accepted from the next frame on [P-1.3]. */
  set maxFrameBytes(bytes: number) {
    this.#reader.maxFrameBytes = bytes;
  }

  /** Bytes that were sent and that the system has not accepted yet. */
  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  /** @returns as `sendEncoded` */
  send(object: JsonObject): number {
    return this.sendEncoded(encodeFrame(object));
  }

  /**
   * Sends a line that is already encoded, for one object with many recipients.
   * @returns the mark with which `onTaken` reports this line; never reached once the channel is closing
   */
  sendEncoded(line: string): number {
    return this.#writer.send(line);
  }

  /** Hands out no frame until `resume`; TCP slows the peer down. */
  pause(): void {
    this.#reader.pause();
  }

  resume(): void {
    this.#reader.resume();
  }

  /** Ends the connection once everything sent has left, at the latest after `graceMs`. */
  close(graceMs = 1_000): void {
    if (this.#closed || this.#closing) return;
    this.#closing = true;
    this.#reader.stop();
    this.#writer.end();
    this.#socket.resume();
    const deadline = this.#options.clock.setTimer(graceMs, () => this.destroy());
    this.#socket.once("close", () => deadline.dispose());
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#closing = true;
    this.#reader.stop();
    this.#writer.dispose();
    this.#socket.destroy();
  }

  #received(chunk: Uint8Array): void {
    if (this.#closing) this.#discard(chunk.length);
    else this.#reader.push(chunk);
  }

  /** Reads up to a limit while this end closes: unread bytes would cause a reset, which can overtake the last lines. */
  #discard(bytes: number): void {
    this.#discardedBytes += bytes;
    if (this.#discardedBytes > this.#maxUnsentBytes) this.destroy();
  }

  #closedBySocket(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.stop();
    this.#writer.dispose();
    this.#options.onClose(this.#error);
  }
}
