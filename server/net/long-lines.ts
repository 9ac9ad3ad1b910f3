// Lines beyond 4,096 bytes of connections that nobody signed in on [P-1.3]. A client that connects for each request shows who
// it is only by the `token` in the line (or, with --classic, by `from`), so a message may be as long there as on any other link.
// What all of these hold together is bounded, per group of addresses and in all; garbage is refused as early as ever.

import type { LongLines } from "../../protocol/wire/frame-decoder.ts";
import { limits } from "../../protocol/limits.ts";

const maxGroupBytes = 1_024 * 1_024;
const maxTotalBytes = 32 * 1_024 * 1_024;
/** In the JSON of an object, where a quote within a string is always escaped. */
const promising = /"token"[ \t\r\n]*:|"type"[ \t\r\n]*:[ \t\r\n]*"(?:message|broadcast)"/;

/** Of one connection. */
export interface LongLineHolder extends LongLines {
  /** Its line is of somebody who signed in: nothing is held for it. */
  trusted: boolean;
}

export class LongLineBudget {
  readonly #groups = new Map<string, number>();
  #totalBytes = 0;

  /** Bytes that are held at this moment. */
  get heldBytes(): number {
    return this.#totalBytes;
  }

  /** @param group of the connection's address; call `done` when it has closed */
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

  /** Less is always granted. */
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
