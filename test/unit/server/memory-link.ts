// One connection in memory, as its client sees it: calls instead of a socket.

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Link, LinkEvents } from "../../../server/core/ports.ts";

/** One connection, as its client sees it. */
export class MemoryLink implements Link {
  readonly address: string;
  readonly peerKey: string | undefined;
  readonly secure: boolean;
  /** Everything that was sent to the client. */
  readonly lines: JsonObject[] = [];
  /** While this is set, the client reads no bytes. */
  stuck = false;
  token = "";
  closed = false;
  maxFrameBytes: number = limits.maxUnauthenticatedFrameBytes;
  readonly #events: LinkEvents;
  #waiting: string[] = [];
  readonly #requests: { readonly body: JsonObject; readonly bytes: number }[] = [];
  /** Whether the first request was announced by `read`. */
  #announced = false;
  #reading = false;
  #mark = 0;
  #paused = false;
  #unsentBytes = 0;

  constructor(address: string, connect: (link: Link) => LinkEvents, peerKey?: string, secure = false) {
    this.address = address;
    this.peerKey = peerKey;
    this.secure = secure;
    this.#events = connect(this);
  }

  /** Returns what was sent to the client, by type; `undefined` for answers. */
  ofType(type: string | undefined): JsonObject[] {
    return this.lines.filter((line) => line["type"] === type);
  }

  get texts(): unknown[] {
    return this.ofType("message").map((line) => line["msg"]);
  }

  /** Requests that have not been read yet. */
  get unread(): number {
    return this.#requests.length;
  }

  get lastAnswer(): JsonObject {
    return this.ofType(undefined).at(-1) ?? {};
  }

  answer(id: unknown): JsonObject {
    return this.lines.find((line) => line["type"] === undefined && line["id"] === id) ?? {};
  }

  /** @param bytes of its line */
  request(body: object, bytes = JSON.stringify(body).length + 1): void {
    this.#requests.push({ body: { ...body }, bytes });
    this.#read();
  }

  /** Sends empty lines in one read; each `request` is a read of its own. */
  emptyLines(count: number): void {
    this.#events.read(count, count);
  }

  /** Sends a line that is not an object. */
  noise(): void {
    this.#events.frame({ kind: "bad", reason: "That line is not JSON." });
  }

  oversize(): void {
    this.#events.frame({ kind: "too_large", limitBytes: this.maxFrameBytes });
  }

  acknowledgeAll(result = "ok"): void {
    for (const line of this.ofType("message")) this.request({ id: line["id"], result });
  }

  /** Answers the latest question of the server [P-6.3]. */
  consent(result = "ok"): void {
    this.request({ id: this.ofType("request").at(-1)?.["id"], result });
  }

  halfClose(): void {
    this.#events.ended();
  }

  /** Loses the connection. */
  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.#events.closed();
  }

  send(line: string): number {
    this.#mark += 1;
    if (this.closed) return this.#mark;
    this.#waiting.push(line);
    this.#unsentBytes += line.length;
    return this.#mark;
  }

  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  setTrusted(trusted: boolean): void {
    this.maxFrameBytes = trusted ? limits.maxFrameBytes : limits.maxUnauthenticatedFrameBytes;
  }

  close(): void {
    this.#paused = true;
    queueMicrotask(() => {
      this.deliver();
      this.drop();
    });
  }

  /** @returns whether bytes left */
  deliver(): boolean {
    return !this.stuck && this.take(this.#waiting.length);
  }

  /** The client reads this many of the sent lines, which is the only way if it is stuck. */
  take(lines: number): boolean {
    if (this.closed || this.#waiting.length === 0 || lines === 0) return false;
    const taken = this.#waiting.splice(0, lines);
    for (const line of taken) {
      this.#unsentBytes -= line.length;
      for (const each of line.trimEnd().split("\n")) this.lines.push(JSON.parse(each) as JsonObject);
    }
    this.#events.taken(this.#mark - this.#waiting.length);
    return true;
  }

  /** Reads like a socket: at once, unless it is reading already. */
  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#paused && !this.closed) {
      const [request] = this.#requests;
      if (!request) break;
      if (this.#announced) {
        this.#announced = false;
        this.#requests.shift();
        this.#events.frame({ kind: "object", value: request.body });
      } else {
        this.#announced = true;
        this.#events.read(1, request.bytes);
      }
    }
    this.#reading = false;
  }
}
