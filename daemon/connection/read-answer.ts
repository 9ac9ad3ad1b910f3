// Reads answers of the other end. The text of a refusal is stored with its message and sent to views, which limit its
// length. A server or a peer must not be able to make a history unreadable with a longer one.

import { maxReasonLength } from "../../protocol/api/model.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { JsonObject } from "../../protocol/wire/frame.ts";
import type { Declaration } from "../../protocol/wire/declare.ts";
import { readAnswer, readRefusal } from "../../protocol/wire/envelope.ts";
import type { ReadAnswer } from "../../protocol/wire/envelope.ts";

export function answerOf<Answer>(
  declaration: Declaration<string, unknown, Answer>,
  body: JsonObject,
): ReadAnswer<Answer> {
  const answer = readAnswer(declaration, body);
  return answer.ok ? answer : bounded(answer);
}

export function refusalOf(body: JsonObject): Failure {
  return bounded(readRefusal(body));
}

function bounded(refused: Failure): Failure {
  return { ...refused, reason: refused.reason.slice(0, maxReasonLength) };
}
