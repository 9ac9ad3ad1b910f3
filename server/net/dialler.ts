// Pushes to a client that keeps no link open [P-6]: one connection per push, one line, one answer, and a deadline over all
// of it. The address is the one the client authenticated from; the client chooses only the port. The connection is plain
// JSON, so without --plain nothing leaves this machine on it [P-1.8]: such a client fetches its mailbox. If loopback
// addresses belong to strangers behind a proxy, nobody is called there, because it would be a port of this machine.

import { connect } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { LineChannel } from "../../base/lines/line-channel.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import type { AddressTrust } from "../../protocol/ip/loopback.ts";
import type { JsonObject } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Dialler, DialCall, DialResult } from "../core/ports.ts";

/**
 * @param plain call clients on other machines too
 * @param trusts whether a loopback address means this machine
 * @returns when disposed, it ends the calls in progress: a person may take 30 s to answer, which must not keep the server
 * from ending
 */
export function createDialler(clock: Clock, plain: boolean, trusts: AddressTrust): Dialler & Disposable {
  const mayCall = (address: string): boolean => (isLoopback(address) ? trusts(address) : plain);
  const open = new Set<LineChannel>();
  return {
    dial(call, done) {
      if (mayCall(call.address)) dial(clock, open, call, done);
      else clock.setTimer(0, () => done({ taken: false, answer: undefined }));
    },
    dispose() {
      for (const channel of open) channel.destroy();
    },
  };
}

function dial(clock: Clock, open: Set<LineChannel>, call: DialCall, done: (result: DialResult) => void): void {
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
      open.delete(channel);
      deadline.dispose();
      done({ taken, answer });
    },
  });
  open.add(channel);
  const deadline = clock.setTimer(call.deadlineMs, () => channel.destroy());
  socket.once("connect", () => channel.sendEncoded(call.line));
}
