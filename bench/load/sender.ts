// One sender: keeps a window of requests in flight, with one write for all slots that became free during a read. While
// latency is measured, it writes one request per call. Checks each answer's bytes at the position where "ok" was in the
// first one.

import { FrameRing } from "./frames.ts";
import type { FrameOptions } from "./frames.ts";
import type { Link } from "./link.ts";

const okMark = Buffer.from('"result":"ok"');
const letterO = 0x6f;
const letterK = 0x6b;
/** Requests that one sender may have in flight while latency is measured. */
const latencySlots = 1_024;

export class Sender {
  sent = 0;
  answered = 0;
  refused = 0;
  firstRefusal = "";
  /** Called with the time from write to answer; only while latency is measured. */
  onLatency: ((ms: number) => void) | undefined;

  readonly #link: Link;
  readonly #options: FrameOptions;
  readonly #inFlight: number;
  readonly #writtenAt = new Float64Array(latencySlots);
  #ring: FrameRing;
  #running = false;
  /** Position of the "o" of "ok" in the last answer that was searched. */
  #okAt = 0;

  constructor(link: Link, inFlight: number, options: FrameOptions) {
    this.#link = link;
    this.#options = options;
    this.#inFlight = inFlight;
    this.#ring = new FrameRing(inFlight, options);
    link.handler = { line: (bytes, start, end) => this.#answer(bytes, start, end), turn: () => this.#fill() };
  }

  /** Fills the window, and keeps it full until `stop`. */
  start(): void {
    this.#running = true;
    this.#fill();
  }

  stop(): void {
    this.#running = false;
  }

  /** Switches to `sendOne`. Everything sent before must have been answered. */
  prepareLatency(): void {
    this.#ring = new FrameRing(latencySlots, { ...this.#options, tag: `${this.#options.tag}l` });
    this.sent = 0;
    this.answered = 0;
  }

  /** Sends one request. Returns false if too many are in flight already. */
  sendOne(): boolean {
    if (this.sent - this.answered >= latencySlots) return false;
    const slot = this.sent % latencySlots;
    this.#writtenAt[slot] = performance.now();
    this.sent += 1;
    this.#link.write(this.#ring.take(slot, 1));
    return true;
  }

  #fill(): void {
    if (!this.#running) return;
    let free = this.#inFlight - (this.sent - this.answered);
    while (free > 0) {
      const slot = this.sent % this.#inFlight;
      const count = Math.min(free, this.#inFlight - slot);
      this.sent += count;
      free -= count;
      this.#link.write(this.#ring.take(slot, count));
    }
  }

  #answer(bytes: Buffer, start: number, end: number): void {
    const at = start + this.#okAt;
    if (bytes[at] !== letterO || bytes[at + 1] !== letterK) this.#search(bytes, start, end);
    if (this.onLatency) this.onLatency(performance.now() - (this.#writtenAt[this.answered % latencySlots] ?? 0));
    this.answered += 1;
  }

  #search(bytes: Buffer, start: number, end: number): void {
    const found = bytes.indexOf(okMark, start);
    if (found !== -1 && found < end) {
      this.#okAt = found + okMark.length - 3 - start;
      return;
    }
    this.refused += 1;
    this.firstRefusal ||= bytes.toString("utf8", start, end);
  }
}
