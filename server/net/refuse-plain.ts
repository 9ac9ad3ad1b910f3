// Plain JSON from another machine, on a server that does not run with --plain [P-1.8]: one answer that says what to do, and
// the end. What the client sent is never looked at, but it has crossed the network in the clear already: the sentence says
// so, because it may have been a password.

import type { Socket } from "node:net";
import { failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/frame.ts";
import { refusalAnswer } from "../../protocol/messages/envelope.ts";

const reason =
  "This server takes plain JSON from its own machine only: use TLS 1.3 on the same port, or ask whoever runs it to start " +
  "it with --plain. What you sent crossed the network in the clear; if it was a password, change it.";

/** The caller's deadline ends a connection that does not close by itself. */
export function refusePlain(socket: Socket): void {
  const answer = refusalAnswer(undefined, failure("bad_request", reason), "fail");
  socket.end(encodeFrame(answer));
  // Bytes left unread would turn the close into a reset, which can overtake the answer.
  socket.resume();
}
