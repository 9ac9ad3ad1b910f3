// One connection of the generator. Reads into one buffer shared by all links, finds lines without decoding them (the next
// one is usually as long as the last one), and parses JSON only during sign-in.

import { connect } from "node:net";
import type { Socket } from "node:net";

const newline = 0x0a;
const shared = Buffer.allocUnsafeSlow(256 * 1_024);

export interface LinkHandler {
  /** Called with one line, its newline at `end`. The bytes are valid during the call only. */
  line(bytes: Buffer, start: number, end: number): void;
  /** Called after the lines of one read. */
  turn?(): void;
}

export class Link {
  handler: LinkHandler = { line: () => undefined };
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #rest: Buffer | undefined;
  /** Length of the previous line in bytes, including its newline. */
  #expected = 1;

  constructor(host: string, port: number) {
    const callback = (length: number): boolean => {
      this.#received(length);
      return true;
    };
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer: shared, callback } });
    this.#socket.on("error", () => this.#socket.destroy());
    this.closed = new Promise((resolve) => this.#socket.once("close", () => resolve()));
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** Sends one request and parses the one line that comes back. */
  async ask(request: object): Promise<Record<string, unknown>> {
    const answer = new Promise<string>((resolve) => {
      this.handler = { line: (bytes, start, end) => resolve(bytes.toString("utf8", start, end)) };
    });
    this.#socket.write(`${JSON.stringify(request)}\n`);
    const line = await Promise.race([answer, this.closed]);
    if (typeof line !== "string") throw new Error(`the server closed the link instead of answering ${kind(request)}`);
    return JSON.parse(line) as Record<string, unknown>;
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(count: number): void {
    let bytes = shared;
    let length = count;
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, shared.subarray(0, count)]);
      length = bytes.length;
      this.#rest = undefined;
    }
    let start = 0;
    while (start < length) {
      let end = start + this.#expected - 1;
      if (end >= length || bytes[end] !== newline) {
        end = bytes.indexOf(newline, start);
        if (end === -1 || end >= length) break;
        this.#expected = end - start + 1;
      }
      this.handler.line(bytes, start, end);
      start = end + 1;
    }
    if (start < length) this.#rest = Buffer.from(bytes.subarray(start, length));
    this.handler.turn?.();
  }
}

function kind(request: object): string {
  return "type" in request ? String(request.type) : "a request";
}
