// A socket as the core's `Link`: the line channel of base/, with the two frame lengths of [P-1.3].

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { LineChannel } from "../../base/line-channel.ts";
import { limits } from "../../protocol/limits.ts";
import type { Link, LinkEvents } from "../core/ports.ts";

/** How long a closing link may take to leave with what it was sent. */
const closeGraceMs = 2_000;

export class SocketLink implements Link {
  readonly address: string;
  readonly peerKey: string | undefined;
  readonly #channel: LineChannel;

  /**
   * @param connect is told of the link before its first frame
   * @param peerKey the pin of the key that the client proved to hold
   */
  constructor(socket: Socket, clock: Clock, connect: (link: Link) => LinkEvents, peerKey?: string) {
    this.address = plainAddress(socket.remoteAddress);
    this.peerKey = peerKey;
    const events = connect(this);
    this.#channel = new LineChannel(socket, {
      clock,
      maxFrameBytes: limits.maxUnauthenticatedFrameBytes,
      onFrame: (frame) => events.frame(frame),
      onTaken: (mark) => events.taken(mark),
      onEnd: () => events.ended(),
      onClose: () => events.closed(),
    });
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
    this.#channel.maxFrameBytes = trusted ? limits.maxFrameBytes : limits.maxUnauthenticatedFrameBytes;
  }

  close(): void {
    this.#channel.close(closeGraceMs);
  }
}

/** IPv4 as people write it, also where it arrived at an IPv6 socket. */
function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
