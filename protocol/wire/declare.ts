// How one message of the wire is declared: its type, its own fields, the fields that its answer adds, and what `result`
// says in a refusal. The fields that every request may carry (`id`, `from`, `token`) belong to the envelope.

import { isIpAddress } from "../ip/ip.ts";
import { branded, integer, Invalid, object, string } from "../validate.ts";
import type { Fields, InferFields, Schema } from "../validate.ts";
import type { AccountId, MessageId } from "../ids.ts";
import { limits } from "../limits.ts";

export interface Declaration<Type extends string, Params, Answer> {
  readonly type: Type;
  readonly params: Schema<Params>;
  /** The fields that a positive answer adds to `result`. */
  readonly answer: Schema<Answer>;
  /** The `result` of a refusal, as in the original protocol: the word "fail", or the reason itself [P-2.4]. */
  readonly refusal: "fail" | "reason";
}

export type ParamsOf<D> = D extends Declaration<string, infer Params, unknown> ? Params : never;

export function declare<const Type extends string, F extends Fields, A extends Fields>(
  type: Type,
  fields: F,
  answer: A,
  refusal: "fail" | "reason" = "fail",
): Declaration<Type, InferFields<F>, InferFields<A>> {
  return { type, params: object(fields), answer: object(answer), refusal };
}

/** Any spelling of a user name; the server knows whether there is such a user. */
export const nameField = string({ min: 1, max: 4 * limits.maxNameCharacters });
export const midField = branded<MessageId>(string({ min: 1, max: limits.maxMessageIdLength }));
/** Not checked here: its bound is counted in bytes, and exceeding it is answered with `too_large` [P-4.2]. */
export const msgField = string();
/** Identifies an account for ever, besides its name [P-3.7]. */
export const accountField = branded<AccountId>(string({ min: 1, max: 64 }));
/** Milliseconds since 1970-01-01 UTC; no more than a `Date` can hold. */
export const timeField = integer({ min: 0, max: limits.maxTimeMs });
export const tokenField = string({ min: 1, max: 256 });

/** A TCP port, as a number or, as in the original protocol, as a string of digits. */
export const portField: Schema<number> = {
  read(value, path) {
    const number = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
    return integer({ min: 1, max: 65_535 }).read(number, path) instanceof Invalid
      ? new Invalid(`${path} must be a port from 1 to 65535`)
      : (number as number);
  },
};

/** A textual IP address, never a name: the receiver connects to it without asking anybody. */
export const ipField: Schema<string> = {
  read: (value, path) =>
    typeof value === "string" && isIpAddress(value) ? value : new Invalid(`${path} must be an IP address`),
};
