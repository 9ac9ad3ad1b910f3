// Lines longer than 4,096 bytes on connections where nobody has signed in [P-1.3]. A client that connects for each request
// identifies itself only by the `token` in the line (or, with --classic, by `from`), so a message may be as long there as
// on any other link. The total size of these lines is bounded, per address group and overall. Garbage is refused as early
// as ever.

import type { LongLines } from "../../protocol/wire/frame-decoder.ts";
import { limits } from "../../protocol/limits.ts";

const maxGroupBytes = 1_024 * 1_024;
const maxTotalBytes = 32 * 1_024 * 1_024;
/** Reads the JSON of an object, where a quote within a string is always escaped. */
const promising = /"token"[ \t\r\n]*:|"type"[ \t\r\n]*:[ \t\r\n]*"(?:message|broadcast)"/;

/** The holder of one connection. */
export interface LongLineHolder extends LongLines {
  /** The line belongs to somebody who signed in: no bytes are held for it. */
  trusted: boolean;
}

export class LongLineBudget {
  readonly #groups = new Map<string, number>();
  #totalBytes = 0;

  /** Bytes held at this moment. */
  get heldBytes(): number {
    return this.#totalBytes;
  }

  /** @param group address group of the connection; call `done` once it has closed */
  holder(group: string): LongLineHolder {
    let heldBytes = 0;
    const hold = (bytes: number): boolean => {
      if (!this.#change(group, bytes - heldBytes)) return false;
      heldBytes = bytes;
      return true;
    };
    return {
      trusted: false,
      limitOf(line) {
        if (this.trusted) return limits.maxFrameBytes;
        const known = heldBytes > 0 || isPromising(line);
        if (!known) return limits.maxUnauthenticatedFrameBytes;
        const kept = line.length > limits.maxFrameBytes || hold(line.length);
        return kept ? limits.maxFrameBytes : limits.maxUnauthenticatedFrameBytes;
      },
      done() {
        hold(0);
      },
    };
  }

  /** Shrinking is always granted. */
  #change(group: string, bytes: number): boolean {
    if (bytes === 0) return true;
    const held = (this.#groups.get(group) ?? 0) + bytes;
    if (bytes > 0 && (held > maxGroupBytes || this.#totalBytes + bytes > maxTotalBytes)) return false;
    this.#totalBytes += bytes;
    if (held > 0) this.#groups.set(group, held);
    else this.#groups.delete(group);
    return true;
  }
}

function isPromising(line: Uint8Array): boolean {
  return promising.test(Buffer.from(line.subarray(0, limits.maxUnauthenticatedFrameBytes)).toString("latin1"));
}
