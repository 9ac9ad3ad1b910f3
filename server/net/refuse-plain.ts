// Plain JSON from an address that is not a loopback address, on a server that does not run with --plain [P-1.8]: one answer
// that says what to do, and the end. What the client sent is never looked at, but it has crossed the network in the clear
// already: the sentence says so, because it may have been a password.

import { failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/wire/frame.ts";
import { refusalAnswer } from "../../protocol/wire/envelope.ts";

const reason =
  "This server does not take plain JSON from your address: use TLS 1.3 on the same port, or ask whoever runs it to start " +
  "it with --plain. What you sent may have crossed the network in the clear; if it was a password, change it.";

export const plainRefusal = encodeFrame(refusalAnswer(undefined, failure("bad_request", reason), "fail"));
