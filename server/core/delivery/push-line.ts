// The lines of `message` pushes [P-6.1], and what they cost in a window.

import { encodeFrame, utf8Bytes } from "../../../protocol/wire/frame.ts";
import type { Account, QueuedMessage } from "../ports.ts";

export function messageLine(id: number, { from, senderId, mid, ts, msg, ref }: QueuedMessage, to: Account): string {
  return encodeFrame({ type: "message", id, from, to: to.name, msg, mid, ts, ref, account: senderId });
}

/** One broadcast, encoded once, but for its id and whom it goes to. */
export interface BroadcastLine {
  /** From behind `to` on. */
  readonly rest: string;
}

export function broadcastLine({ from, senderId, mid, ts, msg, ref }: QueuedMessage): BroadcastLine {
  return { rest: encodeFrame({ from, msg, mid, ts, ref, account: senderId, broadcast: true }).slice(1) };
}

export function broadcastLineTo({ rest }: BroadcastLine, id: number, to: Account): string {
  return `{"type":"message","id":${id},"to":${JSON.stringify(to.name)},${rest}`;
}

/** Lines up to this length are counted by their length: at most three times too little, and counting would cost more. */
const shortUnits = 1_024;

/** What a line costs in a window that counts bytes. */
export function windowBytes(line: string): number {
  return line.length <= shortUnits ? line.length : utf8Bytes(line);
}
