// The reading half of a line channel. It is bounded, can be paused between two frames, and is fair: it hands out only a
// limited amount per turn of the event loop, whatever a peer sends; the rest follows in the next turns.

import type { Socket } from "node:net";
import type { Frame } from "../../protocol/wire/frame.ts";
import { FrameDecoder } from "../../protocol/wire/frame-decoder.ts";
import type { LongLines } from "../../protocol/wire/frame-decoder.ts";
import { limits } from "../../protocol/limits.ts";
import type { Clock, Timer } from "../clock.ts";

export interface LineReaderOptions {
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  /** Allows single lines to be longer than `maxFrameBytes`. */
  readonly longLines?: LongLines;
  /**
   * Reports what was read: lines of any kind, including empty ones, and their bytes. Called before their frames are
   * handed out; if it pauses the reader, none of them is handed out until `resume`.
   */
  onRead?(lines: number, bytes: number): void;
  /** One frame at a time, in order; not called while paused. */
  onFrame(frame: Frame): void;
  /** Called once, when the peer has ended its side and its last frame has been handed out. */
  onEnd(): void;
}

/** The most that one reader hands out per turn of the event loop. */
const maxLinesPerTurn = 64;
const maxBytesPerTurn = 64 * 1_024;

export class LineReader {
  readonly #socket: Socket;
  readonly #options: LineReaderOptions;
  readonly #decoder: FrameDecoder;
  /** The end of a turn in which something was handed out. */
  #turnEnd: NodeJS.Immediate | undefined;
  #turnLines = 0;
  #turnBytes = 0;
  /** Whether this turn's limit is reached: the rest waits for the next turn, after other connections. */
  #turnIsFull = false;
  /** A frame that `onRead` has reported and that waits for `resume`. */
  #held: Frame | undefined;
  #silence: Timer | undefined;
  /** Nothing has arrived for a while: a line without its newline is handed out [P-1.5]. */
  #silent = false;
  #paused = false;
  #reading = false;
  #ended = false;
  #endReported = false;
  #stopped = false;

  constructor(socket: Socket, options: LineReaderOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new FrameDecoder(options.maxFrameBytes, options.longLines);
  }

  /** Longer lines are accepted from the next frame on [P-1.3]. */
  set maxFrameBytes(bytes: number) {
    this.#decoder.maxBytes = bytes;
  }

  /** Accepts what the socket has received. */
  push(chunk: Uint8Array): void {
    this.#silent = false;
    this.#decoder.push(chunk);
    // There is more than fits into one turn: TCP slows the peer down until it has been handed out.
    if (this.#turnIsFull) this.#socket.pause();
    else this.#read();
  }

  /** To be called when the socket receives nothing more. */
  end(): void {
    this.#ended = true;
    if (!this.#paused) this.#read();
  }

  /** Hands out no frame until `resume`; TCP slows the peer down. */
  pause(): void {
    this.#paused = true;
    // Data after the end is discarded, so it has to be read.
    if (!this.#stopped) this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read();
  }

  /** Stops handing out frames. Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#silence?.dispose();
    if (this.#turnEnd) clearImmediate(this.#turnEnd);
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#silence?.dispose();
    do this.#handOut();
    while (this.#isFlowing() && this.#findWork());
    this.#reading = false;
    if (!this.#isFlowing()) return;
    // Not until everything received has been handed out: a consumer that pauses and resumes per frame must not let in more
    // than it handles.
    this.#socket.resume();
    if (this.#ended) this.#tellEnd();
    else if (this.#decoder.pendingBytes > 0 && !this.#silent) this.#awaitSilence();
  }

  /** Hands out the frames that were found before. */
  #handOut(): void {
    while (this.#isFlowing()) {
      const frame = this.#held ?? this.#decoder.next();
      this.#held = undefined;
      if (!frame) return;
      this.#options.onFrame(frame);
    }
  }

  /** @returns whether there is something to hand out in this turn, which has then been reported */
  #findWork(): boolean {
    const [maxLines, maxBytes] = [maxLinesPerTurn - this.#turnLines, maxBytesPerTurn - this.#turnBytes];
    if (maxLines <= 0 || maxBytes <= 0) {
      this.#turnIsFull = true;
      return false;
    }
    const { lines, bytes } = this.#decoder.lookAhead(maxLines, maxBytes);
    if (lines > 0) this.#announce(lines, bytes);
    else if (this.#ended || this.#silent) this.#findUnterminated();
    return lines > 0 || this.#held !== undefined;
  }

  #findUnterminated(): void {
    const before = this.#decoder.pendingBytes;
    this.#held = this.#decoder.unterminated(this.#ended);
    if (this.#held) this.#announce(1, before - this.#decoder.pendingBytes);
  }

  #announce(lines: number, bytes: number): void {
    this.#turnEnd ??= setImmediate(this.#endTurn);
    this.#turnLines += lines;
    this.#turnBytes += bytes;
    this.#options.onRead?.(lines, bytes);
  }

  readonly #endTurn = (): void => {
    this.#turnEnd = undefined;
    this.#turnLines = this.#turnBytes = 0;
    if (!this.#turnIsFull) return;
    this.#turnIsFull = false;
    if (!this.#paused && !this.#stopped) this.#read();
  };

  #awaitSilence(): void {
    this.#silence = this.#options.clock.setTimer(limits.unterminatedFrameMs, () => {
      if (this.#paused || this.#stopped) return;
      this.#silent = true;
      this.#read();
    });
  }

  #tellEnd(): void {
    if (this.#endReported) return;
    this.#endReported = true;
    this.#options.onEnd();
  }

  /** Whether frames may be handed out now. A method, because the compiler assumes that calls do not change a field. */
  #isFlowing(): boolean {
    return !this.#paused && !this.#stopped && !this.#turnIsFull;
  }
}
