// Pushes to a client that left no link open [P-6]: one connection a push, one line, one answer, a deadline over all of it.
// The address is the one the client authenticated from; only the port is its choice.

import { connect } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { LineChannel } from "../../base/line-channel.ts";
import type { JsonObject } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Dialler, DialCall, DialResult } from "../core/ports.ts";

export function createDialler(clock: Clock): Dialler {
  return { dial: (call, done) => dial(clock, call, done) };
}

function dial(clock: Clock, call: DialCall, done: (result: DialResult) => void): void {
  let taken = false;
  let answer: JsonObject | undefined;
  const socket = connect({ host: call.address, port: call.port, noDelay: true });
  const channel = new LineChannel(socket, {
    clock,
    maxFrameBytes: limits.maxUnauthenticatedFrameBytes,
    onFrame: (frame) => {
      if (frame.kind === "object") answer ??= frame.value;
      channel.close();
    },
    onTaken: () => (taken = true),
    onEnd: () => channel.close(),
    onClose: () => {
      deadline.dispose();
      done({ taken, answer });
    },
  });
  const deadline = clock.setTimer(call.deadlineMs, () => channel.destroy());
  socket.once("connect", () => channel.sendEncoded(call.line));
}
