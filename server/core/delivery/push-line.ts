// The lines of `message` pushes [P-6.1], and what they cost in a window.

import { encodeFrame, utf8Bytes } from "../../../protocol/wire/frame.ts";
import type { Account, QueuedMessage } from "../ports.ts";

export function messageLine(id: number, { from, senderId, mid, ts, msg, ref }: QueuedMessage, to: Account): string {
  return encodeFrame({ type: "message", id, from, to: to.name, msg, mid, ts, ref, account: senderId });
}

/** One broadcast, encoded once except for its id and its recipient. */
export interface BroadcastLine {
  /** The line after `to`. */
  readonly rest: string;
}

export function broadcastLine({ from, senderId, mid, ts, msg, ref }: QueuedMessage): BroadcastLine {
  return { rest: encodeFrame({ from, msg, mid, ts, ref, account: senderId, broadcast: true }).slice(1) };
}

export function broadcastLineTo({ rest }: BroadcastLine, id: number, to: Account): string {
  return `{"type":"message","id":${id},"to":${JSON.stringify(to.name)},${rest}`;
}

/** Lines up to this length count by their length: at most three times too little, and measuring would cost more. */
const shortUnits = 1_024;

/** How much a line counts in a window of bytes. */
export function windowBytes(line: string): number {
  return line.length <= shortUnits ? line.length : utf8Bytes(line);
}
