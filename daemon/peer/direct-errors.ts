// Reasons why a peer, or a view that asks for direct talk, is refused. Each text says what to do.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";

export const killRefused = failure("denied", "Only the server ends a session. Sign in again if yours ended.");

export const notThatPeer = failure(
  "not_you",
  "The field from names somebody else than the key of this connection belongs to. Leave it out or send your own name.",
);

export const askFirst = failure(
  "not_authenticated",
  "Ask first: send request, over TLS, with the key of your device, after the server introduced you (address).",
);

export const unknownKey = failure(
  "denied",
  "Nobody agreed to a connection from that device. Ask through the server first (address).",
);

export const plainIsLocal =
  "This client takes plain JSON from its own machine only. Use TLS 1.3 with the key of your device. What you sent " +
  "crossed the network in the clear.";

export const switchedOff = failure("no_listener", "Direct connections are switched off here. Switch them on first.");

export const signInFirst = failure("not_authenticated", "Sign in first.");

export function keyHasChanged(name: string): string {
  return (
    `The device of ${name} shows another key than before. Compare the safety number with them, and accept the new key ` +
    "only if it is the same on both sides."
  );
}

export function notReached(name: string): Failure {
  return failure(
    "unavailable",
    `${name} could not be reached directly from here: no address of theirs answered. Messages go through the server.`,
  );
}

export const givenUp = failure("denied", "The direct connection was given up. Messages go through the server.");

export const leftBehind = failure("denied", "Direct connections were switched off, or the account changed.");

export function whyLinkEnded(name: string, end: "offline" | "closed" | "idle" | "lost"): string {
  switch (end) {
    case "offline":
      return `${name} went offline.`;
    case "closed":
      return "The direct connection was ended.";
    case "idle":
      return "The direct connection was closed after 15 minutes without a message.";
    case "lost":
      return "The direct connection was lost. Messages go through the server.";
  }
}

export const notConnected = failure(
  "unavailable",
  "The server cannot be reached now. Try again when there is a connection.",
);

export function noDeviceKey(name: string): Failure {
  return failure("no_listener", `The client of ${name} showed no key of a device, so nobody can be sure who answers.`);
}
