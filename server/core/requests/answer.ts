// What a handler answers: a value, never a write to a socket. The dispatcher turns it into a line.

import type { Failure } from "../../../protocol/errors.ts";
import { encodeFrame } from "../../../protocol/wire/frame.ts";
import { okAnswer } from "../../../protocol/wire/envelope.ts";

export interface Success {
  readonly ok: true;
  /** The fields beside `result`. */
  readonly added?: object;
  /** The answer is `added` alone, without `result`: only `online` [P-4.4]. */
  readonly bare?: boolean;
  /** Instead of `added`: fields that are already encoded, answered without `result`. */
  readonly fields?: string;
  /** It may be longer than a line that clients accept: only `online`. */
  readonly unbounded?: boolean;
  /** The line after the id, if the answer is always the same. */
  readonly tail?: string;
  /** Runs once the answer has been sent, so that pushes that it causes come after it. */
  readonly afterwards?: () => void;
}

export type Answer = Success | Failure;

/** Where the answer to one request goes; called exactly once. */
export interface Responder {
  answer(answer: Answer): void;
}

export const ok = constant({});
export const delivered = constant({ delivery: "delivered" });
export const queued = constant({ delivery: "queued" });

function constant(added: object): Success {
  return { ok: true, added, tail: encodeFrame(okAnswer(undefined, added)).slice(1) };
}
