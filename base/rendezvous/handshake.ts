// The first lines on a socket: each end proves that it read the token file, before anything else is said. The listener
// proves first, so that somebody who took the address over learns nothing; nonces of both ends make each proof new.
//   caller   → {nonce}
//   listener → {nonce, proof}
//   caller   → {proof, build, protocol, canStart}
//   listener → {verdict}

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { boolean, integer, Invalid, object, oneOf, string, variants } from "../../protocol/validate.ts";
import type { Schema } from "../../protocol/validate.ts";
import { readLine } from "./read-line.ts";
import type { Caller, Verdict } from "./version-rule.ts";

const maxLineBytes = 4_096;
/** For each line; both ends are on one machine. */
export const handshakeTimeoutMs = 5_000;

export class WrongPeer extends Error {}

const secret = string({ min: 43, max: 44 });
const hello = object({ nonce: secret });
const challenge = object({ nonce: secret, proof: secret });
const introduction = object({
  proof: secret,
  build: integer({ min: 0 }),
  protocol: object({ min: integer({ min: 0 }), max: integer({ min: 0 }) }),
  canStart: boolean,
});
const verdict: Schema<Verdict> = variants("kind", {
  attach: object({ kind: oneOf("attach"), protocol: integer({ min: 0 }) }),
  retire: object({ kind: oneOf("retire") }),
  refuse: object({ kind: oneOf("refuse"), reason: string({ max: 1_024 }) }),
});

export function makeToken(): string {
  return randomBytes(32).toString("base64");
}

/**
 * The caller's side.
 * @param timeoutMs for each line
 * @throws WrongPeer if the listener does not know the token, NoLine if it says nothing
 */
export async function introduce(
  socket: Socket,
  token: string,
  caller: Caller,
  clock: Clock,
  timeoutMs = handshakeTimeoutMs,
): Promise<Verdict> {
  const nonce = makeToken();
  write(socket, { nonce });
  const answer = await read(socket, challenge, clock, timeoutMs);
  if (!matches(answer.proof, proof(token, "listener", nonce, answer.nonce))) {
    throw new WrongPeer("the listener does not know the token");
  }
  write(socket, { ...caller, proof: proof(token, "caller", nonce, answer.nonce) });
  return await read(socket, verdict, clock, timeoutMs);
}

/**
 * The listener's side, up to the introduction; then answer with `sendVerdict`.
 * @throws WrongPeer if the caller does not know the token, NoLine if it says nothing
 */
export async function admit(socket: Socket, token: string, clock: Clock): Promise<Caller> {
  const nonce = makeToken();
  const greeting = await read(socket, hello, clock);
  write(socket, { nonce, proof: proof(token, "listener", greeting.nonce, nonce) });
  const { proof: given, ...caller } = await read(socket, introduction, clock);
  if (!matches(given, proof(token, "caller", greeting.nonce, nonce))) {
    throw new WrongPeer("the caller does not know the token");
  }
  return caller;
}

export function sendVerdict(socket: Socket, said: Verdict): void {
  write(socket, said);
}

function proof(token: string, side: "caller" | "listener", callerNonce: string, listenerNonce: string): string {
  const text = `${side}\n${callerNonce}\n${listenerNonce}`;
  return createHmac("sha256", Buffer.from(token, "base64")).update(text).digest("base64");
}

function matches(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

function write(socket: Socket, object: object): void {
  socket.write(`${JSON.stringify(object)}\n`);
}

async function read<T>(socket: Socket, schema: Schema<T>, clock: Clock, timeoutMs = handshakeTimeoutMs): Promise<T> {
  const line = await readLine(socket, maxLineBytes, clock, timeoutMs);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new WrongPeer("the other end does not speak JSON");
  }
  const found = schema.read(value, "");
  if (found instanceof Invalid) throw new WrongPeer(found.reason);
  return found;
}
