// Writes lines to a descriptor that may accept nothing for a while: at once if it accepts them, otherwise buffered up to a
// bound. Lines beyond the bound are dropped, counted, and reported as soon as writing works again. Nothing here blocks.

import type { Clock, Timer } from "../../base/clock.ts";
import type { LineTarget } from "./line-target.ts";

export interface LineSinkOptions {
  readonly clock: Clock;
  /** Writing works again, after so many lines were dropped. May write a line about it. */
  onDropped(count: number): void;
}

/** Bound of the buffer; lines beyond it are dropped. */
const maxWaitingBytes = 1_048_576;
/** Size of one write if much is buffered. */
const pieceBytes = 65_536;
/** Pauses before the next try: after a reader took something, after it took nothing, and after a full disk. */
const soonMs = 5;
const retryMs = 50;
const retryAfterErrorMs = 1_000;

export class LineSink {
  readonly #target: LineTarget;
  readonly #options: LineSinkOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #dropped = 0;
  #droppedLines = 0;
  #writing = false;
  #retry: Timer | undefined;
  #idle: (() => void) | undefined;

  constructor(target: LineTarget, options: LineSinkOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Lines dropped since the start. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** The process cannot end until somebody reads. */
  get stuck(): boolean {
    return this.#target.stuck;
  }

  /** @param line including its newline */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#dropped > 0 || this.#waitingBytes + bytes.length > maxWaitingBytes) {
      this.#dropped += 1;
      this.#droppedLines += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#retry) this.#pump();
  }

  /** Resolves once nothing is buffered, or after `deadlineMs`. Keeps the process alive until then. */
  async flush(deadlineMs: number): Promise<void> {
    this.#retry?.dispose();
    this.#retry = undefined;
    this.#pump();
    if (!this.#isBusy()) return;
    const alive = setInterval(() => undefined, deadlineMs);
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      this.#options.clock.setTimer(deadlineMs, resolve);
    });
    clearInterval(alive);
  }

  /** Writes at once as much as can be written before the process ends. */
  flushNow(): void {
    this.#target.writeNow(Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #pump(): void {
    while (!this.#writing && !this.#retry && this.#waiting.length > 0) {
      this.#writing = true;
      const piece = this.#takePiece();
      this.#target.write(piece, (taken, error) => {
        this.#writing = false;
        this.#wrote(piece, taken, error);
        this.#pump();
      });
    }
    if (!this.#isBusy()) this.#idle?.();
  }

  #takePiece(): Buffer {
    let [count, bytes] = [0, 0];
    while (count < this.#waiting.length && bytes < pieceBytes) {
      bytes += this.#waiting[count]?.length ?? 0;
      count += 1;
    }
    const lines = this.#waiting.splice(0, count);
    const [only] = lines;
    return only && count === 1 ? only : Buffer.concat(lines, bytes);
  }

  /** Retries what was not accepted, and completes a line that was cut off. */
  #wrote(piece: Buffer, taken: number, error: Error | undefined): void {
    this.#waitingBytes -= taken;
    if (taken < piece.length) {
      this.#waiting.unshift(piece.subarray(taken));
      const delayMs = taken > 0 ? soonMs : retryMs;
      this.#retry = this.#options.clock.setTimer(error ? retryAfterErrorMs : delayMs, () => {
        this.#retry = undefined;
        this.#pump();
      });
    }
    if (taken > 0 && this.#dropped > 0 && this.#waitingBytes <= maxWaitingBytes / 2) this.#tellDropped();
  }

  #tellDropped(): void {
    const count = this.#dropped;
    this.#dropped = 0;
    this.#options.onDropped(count);
  }

  #isBusy(): boolean {
    return this.#writing || this.#waiting.length > 0;
  }
}
