// Requests encoded before the measurement: a ring of frames of equal length, in which only the digits of `id` and `mid` are
// rewritten. A slot is reused after its answer has arrived, so its bytes have left the process by then.

/** Text length of every message. */
export const messageBytes = 64;

/** All counters have ten digits, so that every frame has the same length. */
const firstCount = 1_000_000_000;
const digits = 10;
const zero = 0x30;

export interface FrameOptions {
  readonly type: "message" | "broadcast";
  readonly from: string;
  /** Slots use them in turn. */
  readonly to: readonly string[];
  readonly ids: boolean;
  /** Distinguishes the message ids of this job from those of all others. */
  readonly tag: string;
}

export class FrameRing {
  readonly slots: number;
  readonly #frameBytes: number;
  readonly #bytes: Buffer;
  readonly #digitsAt: readonly number[];
  #count = firstCount;

  constructor(slots: number, options: FrameOptions) {
    const frames = Array.from({ length: slots }, (_, slot) => encode(options, options.to[slot % options.to.length]));
    const first = frames[0] ?? "";
    this.slots = slots;
    this.#frameBytes = first.length;
    this.#bytes = Buffer.from(frames.join(""), "latin1");
    this.#digitsAt = [...first.matchAll(new RegExp(String(firstCount), "g"))].map((match) => match.index);
    if (this.#bytes.length !== slots * this.#frameBytes) throw new Error("the frames differ in length");
  }

  /** Returns the bytes of the next `count` frames, starting at that slot; must not go past the last slot. */
  take(slot: number, count: number): Buffer {
    const start = slot * this.#frameBytes;
    const end = start + count * this.#frameBytes;
    for (let at = start; at < end; at += this.#frameBytes) {
      this.#count += 1;
      for (const offset of this.#digitsAt) this.#writeDigits(at + offset);
    }
    return this.#bytes.subarray(start, end);
  }

  #writeDigits(at: number): void {
    let rest = this.#count;
    for (let index = at + digits - 1; index >= at; index -= 1) {
      const quotient = Math.floor(rest / 10);
      this.#bytes[index] = zero + rest - quotient * 10;
      rest = quotient;
    }
  }
}

function encode(options: FrameOptions, to: string | undefined): string {
  const frame = {
    type: options.type,
    ...(options.ids ? { id: firstCount } : {}),
    from: options.from,
    ...(to === undefined ? {} : { to }),
    mid: `${options.tag}-${firstCount}`,
    msg: "the sixty-four bytes that a person may well write to another one".slice(0, messageBytes),
  };
  return `${JSON.stringify(frame)}\n`;
}
