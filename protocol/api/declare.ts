// How a request or notification between a view and the daemon is declared: method, direction, and schemas of what goes
// and comes. Both ends read what arrives through the schema; neither trusts the other.

import { failure } from "../errors.ts";
import type { Failure } from "../errors.ts";
import { account, errorCode, maxReasonLength } from "./model.ts";
import { Invalid, object, optional, string } from "../validate.ts";
import type { Fields, InferFields, Schema } from "../validate.ts";

export interface EditorRequest<Params, Result> {
  readonly method: `chatRoom/${string}`;
  readonly params: Schema<Params>;
  /** Of a positive outcome. */
  readonly result: Schema<Result>;
  /** See the function of that name. */
  readonly spoken?: true;
}

export type ResultOf<D> = D extends EditorRequest<unknown, infer Result> ? Result : never;

export interface EditorNotification<Params> {
  readonly method: `chatRoom/${string}`;
  readonly params: Schema<Params>;
}

/** What every request answers: the result, or a refusal that was expected. */
export type Outcome<Result> = ({ readonly ok: true } & Result) | Failure;

export function request<F extends Fields, R extends Fields>(
  method: EditorRequest<unknown, unknown>["method"],
  params: F,
  result: R,
): EditorRequest<InferFields<F>, InferFields<R>> {
  return { method, params: object(params), result: object(result) };
}

/**
 * A request in the name of an account. A view may say whose beside the parameters (`speaker`): the request is refused as
 * `othersTurn` where somebody else is signed in by the time that the daemon reads it, as when another window has just
 * switched. Where it does not, the request is in the name of whoever is signed in.
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

/** Of what was meant for another account than the one that is signed in. */
export const accountSwitched: Failure = failure("denied", "Another account is signed in now.");

const refusal = object({
  code: errorCode,
  reason: string({ max: maxReasonLength }),
});

/** Reads what came back for a request; something of the wrong shape is an `internal` refusal. */
export function readOutcome<Result>(declared: EditorRequest<unknown, Result>, given: unknown): Outcome<Result> {
  const ok = typeof given === "object" && given !== null && (given as { ok?: unknown }).ok === true;
  const read = ok ? declared.result.read(given, "") : refusal.read(given, "");
  if (read instanceof Invalid) {
    return { ok: false, code: "internal", reason: `The daemon answered wrongly: ${read.reason}. Restart it.` };
  }
  return ok ? { ...read, ok: true } : { ...(read as Failure), ok: false };
}
