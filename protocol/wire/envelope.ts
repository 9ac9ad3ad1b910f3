// What all objects on the link have in common [P-2]: how to tell requests from answers, how they are matched, and the form
// of a positive answer and of a refusal.

import { isErrorCode } from "../errors.ts";
import type { ErrorCode, Failure } from "../errors.ts";
import type { JsonObject } from "./frame.ts";
import { Invalid } from "../validate.ts";
import type { Schema } from "../validate.ts";

/** Matches an answer to its request; requests without one are answered in order [P-2.2]. */
export type RequestId = string | number;

export type Envelope =
  | { readonly kind: "request"; readonly type: string; readonly id: RequestId | undefined; readonly body: JsonObject }
  | { readonly kind: "answer"; readonly id: RequestId | undefined; readonly body: JsonObject }
  | { readonly kind: "invalid"; readonly id: RequestId | undefined; readonly reason: string };

const maxIdLength = 128;
const idRule =
  `id must be a number from -${Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}, or a string of at most ` +
  `${maxIdLength} characters: send a greater number as a string`;

export function readEnvelope(body: JsonObject): Envelope {
  const rawId = own(body, "id") ?? undefined;
  const id = isRequestId(rawId) ? rawId : undefined;
  if (rawId !== undefined && id === undefined) {
    return { kind: "invalid", id, reason: idRule };
  }
  const type = own(body, "type") ?? undefined;
  if (typeof type === "string") return { kind: "request", type, id, body };
  if (type !== undefined) return { kind: "invalid", id, reason: "type must be a string" };
  if (own(body, "result") !== undefined) return { kind: "answer", id, body };
  return { kind: "invalid", id, reason: "type is missing" };
}

/** `{"result":"ok", …}` with the request's id. */
export function okAnswer(id: RequestId | undefined, added: object = {}): JsonObject {
  return { ...(id === undefined ? {} : { id }), result: "ok", ...added };
}

/** A refusal: `result` as in the original protocol for that request, and always `code` and `reason` [P-2.4]. */
export function refusalAnswer(
  id: RequestId | undefined,
  refused: Failure,
  refusal: "fail" | "reason" = "fail",
  added: object = {},
): JsonObject {
  const { code, reason, retryAfterS } = refused;
  const result = refusal === "reason" ? reason : "fail";
  const later = retryAfterS === undefined ? {} : { retry_after: retryAfterS };
  return { ...(id === undefined ? {} : { id }), result, ...added, code, reason, ...later };
}

export type ReadAnswer<Answer> = { readonly ok: true; readonly value: Answer } | Failure;

/** Reads the other end's answer to a request of that declaration. */
export function readAnswer<Answer>(
  declaration: { readonly answer: Schema<Answer> },
  body: JsonObject,
): ReadAnswer<Answer> {
  const result = own(body, "result");
  if (result !== "ok") return readRefusal(body);
  const value = declaration.answer.read(body, "");
  if (value instanceof Invalid) {
    return { ok: false, code: "internal", reason: `The other end answered wrongly: ${value.reason}.` };
  }
  return { ok: true, value };
}

export function readRefusal(body: JsonObject): Failure {
  const code = own(body, "code");
  const reason = own(body, "reason");
  const result = own(body, "result");
  const known: ErrorCode = isErrorCode(code) ? code : "internal";
  const sentence = [reason, result].find((text) => typeof text === "string" && text !== "" && text !== "fail");
  return {
    ok: false,
    code: known,
    reason: typeof sentence === "string" ? sentence : "The other end refused.",
    ...retryAfter(own(body, "retry_after")),
  };
}

/** A value that makes no sense counts as absent. */
function retryAfter(value: unknown): Pick<Failure, "retryAfterS"> {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? { retryAfterS: value } : {};
}

function isRequestId(value: unknown): value is RequestId {
  // A greater one would come back as another number, and match no request.
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value === "string" && value.length <= maxIdLength;
}

function own(body: JsonObject, name: string): unknown {
  return Object.hasOwn(body, name) ? body[name] : undefined;
}
