// Writes JSON-RPC to one view and knows what it has not read yet. What it is told unasked has a bound in bytes; an answer is
// as large as it was asked for and is not counted there, so a view that reads is never cut off for it. One that has stopped
// reading is: by that bound, or when much has waited for long without any of it going.

import type { Socket } from "node:net";
import { AbstractMessageWriter, Message } from "vscode-jsonrpc/node";
import type { MessageWriter } from "vscode-jsonrpc/node";
import type { Clock } from "../../base/clock.ts";

export interface ViewWriterOptions {
  readonly clock: Clock;
  /** The view does not read: it is to be cut off. May be called again. */
  onStalled(waitingBytes: number): void;
}

type Wire = Pick<Socket, "write" | "end" | "on">;

/** Of notifications that a view has not read. */
export const maxUnreadBytes = 16 * 1_024 * 1_024;
/** Answers wait to be made while so much of those before is not read. */
export const maxAnswerBytes = 16 * 1_024 * 1_024;
/** So much may wait for any time, as at a breakpoint. */
const patientBytes = 1_024 * 1_024;
const patienceMs = 60_000;
/** What goes at once is seen to go. */
const chunkBytes = 64 * 1_024;

export class ViewWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #wire: Wire;
  readonly #options: ViewWriterOptions;
  #unreadBytes = 0;
  #answerBytes = 0;
  /** When something went last, or began to wait. */
  #movedAtMs = 0;
  #waiting: (() => void)[] = [];

  constructor(wire: Wire, options: ViewWriterOptions) {
    super();
    this.#wire = wire;
    this.#options = options;
    wire.on("close", () => this.#closed());
  }

  /** Another answer would be one too many. */
  get isFull(): boolean {
    return this.#answerBytes >= maxAnswerBytes;
  }

  /** Settles when another answer may be made, or the view has gone. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async write(message: Message): Promise<void> {
    const body = Buffer.from(JSON.stringify(message), "utf8");
    const bytes = Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, "ascii"), body]);
    const isAnswer = Message.isResponse(message);
    if (this.#unreadBytes + this.#answerBytes === 0) this.#movedAtMs = this.#options.clock.monotonicMs();
    this.#count(isAnswer, bytes.length);
    await new Promise<void>((resolve) => {
      for (let from = 0; from < bytes.length; from += chunkBytes) {
        const chunk = bytes.subarray(from, from + chunkBytes);
        this.#wire.write(chunk, () => {
          this.#movedAtMs = this.#options.clock.monotonicMs();
          this.#count(isAnswer, -chunk.length);
          if (from + chunkBytes >= bytes.length) resolve();
        });
      }
      this.#judge();
    });
  }

  end(): void {
    this.#wire.end();
  }

  #count(isAnswer: boolean, bytes: number): void {
    if (isAnswer) this.#answerBytes += bytes;
    else this.#unreadBytes += bytes;
    if (!this.isFull) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #judge(): void {
    const waiting = this.#unreadBytes + this.#answerBytes;
    const stillMs = this.#options.clock.monotonicMs() - this.#movedAtMs;
    const isStill = waiting > patientBytes && stillMs > patienceMs;
    if (this.#unreadBytes > maxUnreadBytes || isStill) this.#options.onStalled(waiting);
  }

  #closed(): void {
    this.#answerBytes = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.fireClose();
  }
}
