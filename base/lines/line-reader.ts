// The reading half of a line channel. It is bounded, can be paused between two frames, and is fair: in one turn of the event
// loop only so much is handed out, whatever a peer sends; the rest follows in the next turns.

import type { Socket } from "node:net";
import type { Frame } from "../../protocol/wire/frame.ts";
import { FrameDecoder } from "../../protocol/wire/frame-decoder.ts";
import type { LongLines } from "../../protocol/wire/frame-decoder.ts";
import { limits } from "../../protocol/limits.ts";
import type { Clock, Timer } from "../clock.ts";

export interface LineReaderOptions {
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  /** Lets single lines be longer than `maxFrameBytes`. */
  readonly longLines?: LongLines;
  /**
   * What was read: lines of any kind, empty ones included, and their bytes. Called before the frames of these lines are
   * handed out; if it pauses the reader, none of them is before `resume`.
   */
  onRead?(lines: number, bytes: number): void;
  /** One frame at a time, in order; not called while paused. */
  onFrame(frame: Frame): void;
  /** Called once: the peer sends nothing more, and its last frame was handed out. */
  onEnd(): void;
}

/** What one reader hands out in one turn of the event loop. */
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
  /** This turn has had its lot: the rest belongs to the next one, when others had theirs. */
  #hadItsLot = false;
  /** Was announced by `onRead`, and waits for `resume`. */
  #held: Frame | undefined;
  #silence: Timer | undefined;
  /** Nothing came for a while: what waits without its newline is served [P-1.5]. */
  #silent = false;
  #paused = false;
  #reading = false;
  #ended = false;
  #endTold = false;
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

  /** The socket received this. */
  push(chunk: Uint8Array): void {
    this.#silent = false;
    this.#decoder.push(chunk);
    // There is more here than one turn takes: the peer is slowed down by TCP until it is handed out.
    if (this.#hadItsLot) this.#socket.pause();
    else this.#read();
  }

  /** The socket receives nothing more. */
  end(): void {
    this.#ended = true;
    if (!this.#paused) this.#read();
  }

  /** No frame is handed out until `resume`; the peer is slowed down by TCP. */
  pause(): void {
    this.#paused = true;
    // What a peer sends after the end is discarded, and for that it is read.
    if (!this.#stopped) this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read();
  }

  /** Hands out nothing more. Idempotent. */
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
    // Not before all that was there is handed out: a consumer that pauses and resumes at each frame must not let in more
    // than it is served.
    this.#socket.resume();
    if (this.#ended) this.#tellEnd();
    else if (this.#decoder.pendingBytes > 0 && !this.#silent) this.#awaitSilence();
  }

  /** The frames of what was found before. */
  #handOut(): void {
    while (this.#isFlowing()) {
      const frame = this.#held ?? this.#decoder.next();
      this.#held = undefined;
      if (!frame) return;
      this.#options.onFrame(frame);
    }
  }

  /** @returns whether there is something to hand out in this turn; it was announced then */
  #findWork(): boolean {
    const [maxLines, maxBytes] = [maxLinesPerTurn - this.#turnLines, maxBytesPerTurn - this.#turnBytes];
    if (maxLines <= 0 || maxBytes <= 0) {
      this.#hadItsLot = true;
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
    if (!this.#hadItsLot) return;
    this.#hadItsLot = false;
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
    if (this.#endTold) return;
    this.#endTold = true;
    this.#options.onEnd();
  }

  /** Frames may be handed out now. A call, because the compiler takes a field for unchanged across other calls. */
  #isFlowing(): boolean {
    return !this.#paused && !this.#stopped && !this.#hadItsLot;
  }
}
