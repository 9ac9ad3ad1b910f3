// A socket as the core's `Link`: the line channel of base/, with the frame lengths of [P-1.3].

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { LineChannel } from "../../base/lines/line-channel.ts";
import { limits } from "../../protocol/limits.ts";
import type { Link, LinkEvents } from "../core/ports.ts";
import type { LongLineHolder } from "./long-lines.ts";

/** How long a closing link may take to leave with what it was sent. */
const closeGraceMs = 2_000;

export interface SocketLinkOptions {
  readonly clock: Clock;
  /** The peer's address in its canonical spelling; behind a proxy, that of the proxy's client. */
  readonly address: string;
  readonly secure: boolean;
  /** The pin of the key that the client proved to hold. */
  readonly peerKey: string | undefined;
  readonly longLines: LongLineHolder;
  /** Somebody signed in on it, or left again. */
  onTrusted(trusted: boolean): void;
  /** Is told of the link before its first frame. */
  connect(link: Link): LinkEvents;
}

export class SocketLink implements Link {
  readonly address: string;
  readonly secure: boolean;
  readonly peerKey: string | undefined;
  readonly #options: SocketLinkOptions;
  readonly #channel: LineChannel;

  constructor(socket: Socket, options: SocketLinkOptions) {
    const { clock, longLines } = options;
    this.address = options.address;
    this.secure = options.secure;
    this.peerKey = options.peerKey;
    this.#options = options;
    const events = options.connect(this);
    this.#channel = new LineChannel(socket, {
      ...{ clock, longLines, maxFrameBytes: limits.maxUnauthenticatedFrameBytes },
      onRead: (lines, bytes) => events.read(lines, bytes),
      onFrame: (frame) => events.frame(frame),
      onTaken: (mark) => events.taken(mark),
      onEnd: () => events.ended(),
      onClose: () => {
        longLines.done();
        events.closed();
      },
    });
  }

  get unsentBytes(): number {
    return this.#channel.unsentBytes;
  }

  send(line: string): number {
    return this.#channel.sendEncoded(line);
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  setTrusted(trusted: boolean): void {
    this.#options.longLines.trusted = trusted;
    this.#channel.maxFrameBytes = trusted ? limits.maxFrameBytes : limits.maxUnauthenticatedFrameBytes;
    this.#options.onTrusted(trusted);
  }

  close(): void {
    this.#channel.close(closeGraceMs);
  }
}
