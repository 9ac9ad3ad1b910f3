// Writes JSON-RPC to one view and counts what it has not read yet. Notifications are bounded in bytes. An answer is as
// large as the view asked for and does not count towards that bound, so a view that reads is never disconnected because of
// it. A view that has stopped reading is disconnected: at that bound, or if much has been waiting for long without
// progress.

import type { Socket } from "node:net";
import { AbstractMessageWriter, Message } from "vscode-jsonrpc/node";
import type { MessageWriter } from "vscode-jsonrpc/node";
import type { Clock } from "../../base/clock.ts";

export interface ViewWriterOptions {
  readonly clock: Clock;
  /** Called if the view does not read and must be disconnected. May be called again. */
  onStalled(waitingBytes: number): void;
}

type Wire = Pick<Socket, "write" | "end" | "on">;

/** Notifications that a view has not read. */
export const maxUnreadBytes = 16 * 1_024 * 1_024;
/** No further answer is made while this much of earlier answers has not been read. */
export const maxAnswerBytes = 16 * 1_024 * 1_024;
/** This much may wait without limit, for example while the view is stopped at a breakpoint. */
const stalledBytes = 1_024 * 1_024;
const stalledMs = 60_000;
/** Written in chunks, so that progress is noticed. */
const chunkBytes = 64 * 1_024;

export class ViewWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #wire: Wire;
  readonly #options: ViewWriterOptions;
  #unreadBytes = 0;
  #answerBytes = 0;
  /** When data last moved, or started to wait. */
  #movedAtMs = 0;
  #waiting: (() => void)[] = [];

  constructor(wire: Wire, options: ViewWriterOptions) {
    super();
    this.#wire = wire;
    this.#options = options;
    wire.on("close", () => this.#closed());
  }

  /** Whether a further answer has to wait. */
  get isFull(): boolean {
    return this.#answerBytes >= maxAnswerBytes;
  }

  /** Resolves when another answer may be made, or the view has gone. */
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
      this.#checkStalled();
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

  #checkStalled(): void {
    const waiting = this.#unreadBytes + this.#answerBytes;
    const idleMs = this.#options.clock.monotonicMs() - this.#movedAtMs;
    const isStalled = waiting > stalledBytes && idleMs > stalledMs;
    if (this.#unreadBytes > maxUnreadBytes || isStalled) this.#options.onStalled(waiting);
  }

  #closed(): void {
    this.#answerBytes = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.fireClose();
  }
}
