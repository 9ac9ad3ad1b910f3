// Declares requests and notifications between a view and the daemon: method, direction, and schemas for both directions.
// Both ends validate what they receive; neither trusts the other.

import { failure } from "../errors.ts";
import type { Failure } from "../errors.ts";
import { account, errorCode, maxReasonLength } from "./model.ts";
import { Invalid, object, optional, string } from "../validate.ts";
import type { Fields, InferFields, Schema } from "../validate.ts";

export interface EditorRequest<Params, Result> {
  readonly method: `chatRoom/${string}`;
  readonly params: Schema<Params>;
  /** For a positive outcome. */
  readonly result: Schema<Result>;
  /** Set by `accountScoped`. */
  readonly spoken?: true;
}

export type ParamsOf<D> = D extends EditorRequest<infer Params, unknown> ? Params : never;
export type ResultOf<D> = D extends EditorRequest<unknown, infer Result> ? Result : never;

export interface EditorNotification<Params> {
  readonly method: `chatRoom/${string}`;
  readonly params: Schema<Params>;
}

/** The answer to every request: the result, or an expected failure. */
export type Outcome<Result> = ({ readonly ok: true } & Result) | Failure;

export function request<F extends Fields, R extends Fields>(
  method: EditorRequest<unknown, unknown>["method"],
  params: F,
  result: R,
): EditorRequest<InferFields<F>, InferFields<R>> {
  return { method, params: object(params), result: object(result) };
}

/**
 * Declares a request in the name of an account. A view may add the account to the parameters (`speaker`). The request is
 * then refused as `accountSwitched` if somebody else is signed in when the daemon reads it, for example because another
 * window has just switched. Without it, the request is in the name of the account that is signed in.
 */
export function accountScoped<F extends Fields, R extends Fields>(
  method: EditorRequest<unknown, unknown>["method"],
  params: F,
  result: R,
): EditorRequest<InferFields<F>, InferFields<R>> {
  return { ...request(method, params, result), spoken: true };
}

export const speaker = object({ as: optional(account) });

export function notification<F extends Fields>(
  method: EditorNotification<unknown>["method"],
  params: F,
): EditorNotification<InferFields<F>> {
  return { method, params: object(params) };
}

/** The failure of a request that was meant for another account than the current one. */
export const accountSwitched: Failure = failure("denied", "Another account is signed in now.");

const refusal = object({
  code: errorCode,
  reason: string({ max: maxReasonLength }),
});

/** Reads the answer to a request. An answer of the wrong shape becomes an `internal` failure. */
export function readOutcome<Result>(declared: EditorRequest<unknown, Result>, given: unknown): Outcome<Result> {
  const ok = typeof given === "object" && given !== null && (given as { ok?: unknown }).ok === true;
  const read = ok ? declared.result.read(given, "") : refusal.read(given, "");
  if (read instanceof Invalid) {
    return { ok: false, code: "internal", reason: `The daemon answered wrongly: ${read.reason}. Restart it.` };
  }
  return ok ? { ...(read as Result), ok: true } : { ...(read as Failure), ok: false };
}
