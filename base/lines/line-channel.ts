// A socket that carries one JSON object per line, both ways [P-1]: a reader (line-reader.ts), a writer (line-writer.ts), and
// the end of both. Knows framing and sockets, not what the objects mean.

import type { Socket } from "node:net";
import { encodeFrame } from "../../protocol/wire/frame.ts";
import type { JsonObject } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { LineReader } from "./line-reader.ts";
import type { LineReaderOptions } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";

export interface LineChannelOptions extends LineReaderOptions {
  /** Beyond so many unsent bytes a peer that takes nothing for 10 s is cut off [P-8.3]. Default: 1 MiB. */
  readonly maxUnsentBytes?: number;
  /** At so many unsent bytes it is cut off in any case. Default: 16 MiB. */
  readonly capUnsentBytes?: number;
  /** Called once: the peer sends nothing more, and its last frame was handed out. Finish what is under way, then `close`. */
  onEnd(): void;
  /** The system took every line up to the `mark`th: they are no longer in this process. */
  onTaken?(mark: number): void;
  /** Called once; with an `error` if the transport failed or a bound was passed. */
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
    // Node.js leaves a TLS socket open after a bad record: only whoever listens can close it.
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

  /** Bytes that were sent and that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#writer.unsentBytes;
  }

  /** @returns as `sendEncoded` */
  send(object: JsonObject): number {
    return this.sendEncoded(encodeFrame(object));
  }

  /**
   * A line that was encoded before, for one object that goes to many.
   * @returns the mark at which `onTaken` has this line behind it; never reached once the channel is closing
   */
  sendEncoded(line: string): number {
    return this.#writer.send(line);
  }

  /** No frame is handed out until `resume`; the peer is slowed down by TCP. */
  pause(): void {
    this.#reader.pause();
  }

  resume(): void {
    this.#reader.resume();
  }

  /** Ends the connection after everything sent has left, at the latest after `graceMs`. */
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

  /** What a peer still sends is read while this end closes, or a reset would overtake what it was sent; but not for ever. */
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
