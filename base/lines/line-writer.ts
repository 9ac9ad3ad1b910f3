// The sending half of a line channel. Everything sent during one turn of the event loop leaves together, in pieces that are
// small enough to show whether the peer keeps reading. A slow peer is waited for. A peer that leaves much unread and reads
// nothing for a while is cut off, and so is every peer at a hard limit, so that nobody can exhaust the memory [P-8.3].

import type { Socket } from "node:net";
import type { Clock, Timer } from "../clock.ts";

export interface LineWriterOptions {
  readonly clock: Clock;
  /** Unsent bytes before a line, beyond which the peer has to keep reading; one more line is always sent. */
  readonly maxUnsentBytes: number;
  /** Unsent bytes before a line, at which the peer is cut off even if it reads. */
  readonly capUnsentBytes: number;
  /** The system has accepted every line up to number `mark`. */
  onTaken(mark: number): void;
  /** The peer does not read: the owner has to end the connection. */
  onStalled(error: Error): void;
}

/** How long a peer with too much unread may read nothing [P-8.3]. */
const stalledMs = 10_000;
/** The size of one write in bytes, if there is more to send. */
const pieceBytes = 32 * 1_024;
/** Bytes handed to the socket and not accepted by the system yet, beyond which nothing more is handed to it. */
const maxInFlightBytes = 64 * 1_024;

export class LineWriter {
  readonly #socket: Socket;
  readonly #options: LineWriterOptions;
  #waiting: string[] = [];
  /** The rest of a line that is longer than one write should be. */
  #rest: Buffer | undefined;
  /** The bytes of `#waiting` and `#rest`. */
  #waitingBytes = 0;
  #inFlightBytes = 0;
  /** Monotonic time at which the system last accepted something. */
  #takenMs = 0;
  #sentLines = 0;
  #handedLines = 0;
  #flush: NodeJS.Immediate | undefined;
  #watch: Timer | undefined;
  #over = false;

  constructor(socket: Socket, options: LineWriterOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Bytes that were sent and that the system has not accepted yet. */
  get unsentBytes(): number {
    return this.#waitingBytes + this.#inFlightBytes;
  }

  /** @returns the line's mark, for `onTaken`; never reached once the writer has ended */
  send(line: string): number {
    this.#sentLines += 1;
    if (this.#over) return this.#sentLines;
    const before = this.unsentBytes;
    if (before > this.#options.capUnsentBytes) {
      this.#stalled(`the peer left more than ${this.#options.capUnsentBytes} bytes unread`);
      return this.#sentLines;
    }
    if (before > this.#options.maxUnsentBytes) this.#watchForProgress();
    this.#waiting.push(line);
    this.#waitingBytes += Buffer.byteLength(line);
    this.#flush ??= setImmediate(() => this.flush());
    return this.#sentLines;
  }

  /** Hands everything sent so far to the socket now, as far as the earlier bytes have been accepted. */
  flush(): void {
    this.#cancelFlush();
    if (this.#over) return;
    while (this.#waitingBytes > 0 && this.#inFlightBytes < maxInFlightBytes) this.#writePiece();
  }

  /** Writes everything that was sent, then ends this side of the connection. */
  end(): void {
    this.#cancelFlush();
    if (this.#over) return;
    if (this.#rest) this.#writeRest(this.#rest, this.#rest.length);
    if (this.#waiting.length > 0) this.#write(this.#waiting.length);
    this.#socket.end();
    this.dispose();
  }

  /** Stops sending. Idempotent. */
  dispose(): void {
    this.#over = true;
    this.#cancelFlush();
    this.#watch?.dispose();
    this.#waiting = [];
    this.#rest = undefined;
    this.#waitingBytes = 0;
  }

  #writePiece(): void {
    const first = this.#waiting[0] ?? "";
    if (this.#rest) this.#writeRest(this.#rest, pieceBytes);
    else if (first.length > maxInFlightBytes) this.#writeRest(this.#begun(first), pieceBytes);
    else this.#write(this.#linesOfPiece());
  }

  /** Starts a long line, which is written in pieces, so that the progress of a slow peer is visible. */
  #begun(line: string): Buffer {
    this.#waiting.shift();
    return Buffer.from(line);
  }

  #writeRest(rest: Buffer, bytes: number): void {
    this.#rest = rest.length > bytes ? rest.subarray(bytes) : undefined;
    if (!this.#rest) this.#handedLines += 1;
    this.#hand(rest.subarray(0, bytes), Math.min(bytes, rest.length));
  }

  /** Returns how many of the waiting lines make up the next piece. */
  #linesOfPiece(): number {
    if (this.#waitingBytes <= pieceBytes) return this.#waiting.length;
    let [lines, bytes] = [0, 0];
    while (lines < this.#waiting.length && bytes < pieceBytes) {
      bytes += Buffer.byteLength(this.#waiting[lines] ?? "");
      lines += 1;
    }
    return lines;
  }

  #write(lines: number): void {
    const all = lines === this.#waiting.length;
    const piece = this.#waiting.splice(0, lines);
    const text = piece.length === 1 ? (piece[0] ?? "") : piece.join("");
    const bytes = all ? this.#waitingBytes : Buffer.byteLength(text);
    this.#handedLines += lines;
    this.#hand(text, bytes);
  }

  #hand(piece: string | Buffer, bytes: number): void {
    this.#waitingBytes -= bytes;
    this.#inFlightBytes += bytes;
    const mark = this.#handedLines;
    this.#socket.write(piece, (error) => {
      this.#inFlightBytes -= bytes;
      if (error) return;
      if (this.#watch) this.#takenMs = this.#options.clock.monotonicMs();
      this.#options.onTaken(mark);
      if (this.#waitingBytes > 0) this.flush();
    });
  }

  /** Called if too much is unsent: the peer then has to read something every 10 s until it has caught up. */
  #watchForProgress(): void {
    if (this.#watch) return;
    this.#takenMs = this.#options.clock.monotonicMs();
    this.#watchFor(stalledMs);
  }

  #watchFor(ms: number): void {
    const { clock, maxUnsentBytes } = this.#options;
    this.#watch = clock.setTimer(ms, () => {
      this.#watch = undefined;
      if (this.#over || this.unsentBytes <= maxUnsentBytes) return;
      const leftMs = this.#takenMs + stalledMs - clock.monotonicMs();
      if (leftMs > 0) this.#watchFor(leftMs);
      else this.#stalled(`the peer left ${this.unsentBytes} bytes unread and took nothing for ${stalledMs} ms`);
    });
  }

  #stalled(why: string): void {
    this.dispose();
    this.#options.onStalled(new Error(why));
  }

  #cancelFlush(): void {
    if (this.#flush) clearImmediate(this.#flush);
    this.#flush = undefined;
  }
}
