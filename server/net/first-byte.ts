// What a connection speaks is told by its first byte [P-1.4], and read without taking it away from whoever serves it then.
// A peer that sends nothing holds a socket for 10 s at most [P-8.1].

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { limits } from "../../protocol/limits.ts";

export type Wire = "json" | "unknown";

/** `{` and JSON's white space. */
const jsonStarts: ReadonlySet<number> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d]);

/** Calls `found` once, when the first byte is there; the socket is paused then, and nothing of it was consumed. */
export function awaitFirstByte(socket: Socket, clock: Clock, found: (wire: Wire) => void): void {
  const deadline = clock.setTimer(limits.authenticationMs, () => socket.destroy());
  const swallow = () => undefined;
  const stop = () => {
    deadline.dispose();
    socket.off("readable", peek).off("end", left).off("close", stop).off("error", swallow);
  };
  const left = () => {
    stop();
    socket.destroy();
  };
  const peek = () => {
    const chunk = socket.read() as Buffer | null;
    const first = chunk?.[0];
    if (chunk === null || first === undefined) return;
    stop();
    socket.pause();
    socket.unshift(chunk);
    found(jsonStarts.has(first) ? "json" : "unknown");
  };
  socket.on("readable", peek).on("end", left).on("close", stop).on("error", swallow);
}
