// A socket that carries one JSON object a line, both ways [P-1]. Reading is bounded and can be paused between two frames;
// what is sent during one turn of the event loop leaves in one write; a peer that does not read is cut off at a bound
// instead of filling the memory. Knows framing and sockets, not what the objects mean.

import type { Socket } from "node:net";
import { encodeFrame, FrameDecoder } from "../protocol/frame.ts";
import type { Frame, JsonObject } from "../protocol/frame.ts";
import { limits } from "../protocol/limits.ts";
import type { Clock, Timer } from "./clock.ts";

export interface LineChannelOptions {
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  readonly maxUnsentBytes?: number;
  /** One frame at a time, in order; not called while paused. */
  onFrame(frame: Frame): void;
  /** The peer will send nothing more, and its last frame was handed out: finish what is under way, then `close`. */
  onEnd(): void;
  /** The system took every line up to the `mark`th: they are no longer in this process. */
  onTaken?(mark: number): void;
  /** Called once; `error` where the transport failed or a bound was passed. */
  onClose(error: Error | undefined): void;
}

export class LineChannel {
  readonly #socket: Socket;
  readonly #options: LineChannelOptions;
  readonly #decoder: FrameDecoder;
  readonly #maxUnsentBytes: number;
  #outgoing: string[] = [];
  #outgoingLength = 0;
  #mark = 0;
  #flush: NodeJS.Immediate | undefined;
  #silence: Timer | undefined;
  #paused = false;
  #reading = false;
  #ended = false;
  #closing = false;
  #discardedBytes = 0;
  #closed = false;
  #error: Error | undefined;

  constructor(socket: Socket, options: LineChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new FrameDecoder(options.maxFrameBytes);
    this.#maxUnsentBytes = options.maxUnsentBytes ?? limits.maxUnsentBytes;
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("end", () => this.#halfClosed());
    // Node.js leaves a TLS socket open after a bad record: only whoever listens can close it.
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.#closedBySocket());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Longer lines are accepted from the next frame on [P-1.3]. */
  set maxFrameBytes(bytes: number) {
    this.#decoder.maxBytes = bytes;
  }

  /** Bytes that the peer has not taken yet (a lower bound while they are still text). */
  get unsentBytes(): number {
    return this.#outgoingLength + this.#socket.writableLength;
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
    this.#mark += 1;
    if (this.#closed || this.#closing) return this.#mark;
    this.#outgoing.push(line);
    this.#outgoingLength += line.length;
    if (this.unsentBytes > this.#maxUnsentBytes) {
      this.destroy(new Error(`the peer left more than ${this.#maxUnsentBytes} bytes unread`));
    } else {
      this.#flush ??= setImmediate(() => this.flush());
    }
    return this.#mark;
  }

  /** Hands what was sent so far to the socket, now. */
  flush(): void {
    if (this.#flush) clearImmediate(this.#flush);
    this.#flush = undefined;
    if (this.#outgoing.length === 0 || this.#closed) return;
    const text = this.#outgoing.length === 1 ? (this.#outgoing[0] ?? "") : this.#outgoing.join("");
    this.#outgoing = [];
    this.#outgoingLength = 0;
    const mark = this.#mark;
    this.#socket.write(text, (error) => {
      if (!error) this.#options.onTaken?.(mark);
    });
  }

  /** No frame is handed out until `resume`; the peer is slowed down by TCP. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read();
    if (!this.#isPaused()) this.#socket.resume();
  }

  /** Ends the connection after everything sent has left, at the latest after `graceMs`. */
  close(graceMs = 1_000): void {
    if (this.#closed || this.#closing) return;
    this.flush();
    this.#closing = true;
    this.#silence?.dispose();
    this.#socket.end();
    this.#socket.resume();
    const deadline = this.#options.clock.setTimer(graceMs, () => this.destroy());
    this.#socket.once("close", () => deadline.dispose());
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#closing = true;
    this.#socket.destroy();
  }

  #received(chunk: Uint8Array): void {
    if (this.#closing) {
      this.#discard(chunk.length);
      return;
    }
    this.#decoder.push(chunk);
    this.#read();
  }

  /** What a peer still sends is read while this end closes, or a reset would overtake what it was sent; but not for ever. */
  #discard(bytes: number): void {
    this.#discardedBytes += bytes;
    if (this.#discardedBytes > this.#maxUnsentBytes) this.destroy();
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#silence?.dispose();
    while (!this.#paused && !this.#closing) {
      const frame = this.#decoder.next() ?? (this.#ended ? this.#decoder.unterminated(true) : undefined);
      if (!frame) break;
      this.#options.onFrame(frame);
    }
    this.#reading = false;
    if (this.#paused || this.#closing) return;
    if (this.#ended) this.#options.onEnd();
    else if (this.#decoder.pendingBytes > 0) this.#awaitSilence();
  }

  #awaitSilence(): void {
    this.#silence = this.#options.clock.setTimer(limits.unterminatedFrameMs, () => {
      if (this.#paused || this.#closing) return;
      const frame = this.#decoder.unterminated(false);
      if (frame) this.#options.onFrame(frame);
    });
  }

  #halfClosed(): void {
    this.#ended = true;
    if (!this.#paused) this.#read();
  }

  #closedBySocket(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#silence?.dispose();
    if (this.#flush) clearImmediate(this.#flush);
    this.#options.onClose(this.#error);
  }

  /** A call, because the compiler takes a field for unchanged across other calls. */
  #isPaused(): boolean {
    return this.#paused;
  }
}
