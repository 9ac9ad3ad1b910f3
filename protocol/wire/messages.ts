// Messages to one person and to everyone [P-4.2, P-4.3], and the ephemeral signals [P-4.14].

import { limits } from "../limits.ts";
import { boolean, integer, Invalid, object, oneOf, optional, string } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { accountField, declare, midField, msgField, nameField, timeField } from "./declare.ts";

/**
 * What a message does to an earlier one. `reply`: answers it. By the same author: `edit`, `msg` is its new text; `delete`,
 * it is taken back. `react`, `unreact`: `msg` is the emoji. A client that does not know the field or the kind shows `msg`.
 */
const refField: Schema<Reference> = {
  read(value, path) {
    const known = knownReference.read(value, path);
    if (known instanceof Invalid) return known;
    // Fields that this program does not know are passed on unchanged; `__proto__` stays a field like any other.
    const text = jsonOf(value);
    if (text === undefined || text.length > maxReferenceLength) {
      return new Invalid(`${path} must have at most ${maxReferenceLength} characters`);
    }
    return JSON.parse(text) as Reference;
  },
};

/** @returns undefined if it is nested so deeply that it can be read but not written */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const knownReference = object({ kind: string({ min: 1, max: 16 }), mid: midField });
export type Reference = Infer<typeof knownReference>;
/** UTF-16 units of its JSON. */
const maxReferenceLength = 1_024;

export const message = declare(
  "message",
  { to: nameField, msg: msgField, mid: optional(midField), ts: optional(timeField), ref: optional(refField) },
  {
    /** `delivered`: the recipient has it. `queued`: it is in the mailbox, on disk. */
    delivery: optional(oneOf("delivered", "queued")),
  },
  "reason",
);

export const broadcast = declare(
  "broadcast",
  { msg: msgField, mid: optional(midField), ts: optional(timeField), ref: optional(refField) },
  {
    /** How many people it reached. */
    delivered: optional(integer({ min: 0 })),
  },
  "reason",
);

const signalFields = {
  kind: oneOf("typing", "read"),
  /** For `read`: the id of the newest message that was read. */
  upto: optional(string({ max: limits.maxMessageIdLength })),
};

export const signal = declare("signal", { to: nameField, ...signalFields }, {});

/** A message as it reaches its recipient, from the server or from a peer. */
export const messagePush = declare(
  "message",
  {
    from: nameField,
    /** The account of `from` [P-3.7]. */
    account: optional(accountField),
    to: optional(nameField),
    msg: msgField,
    mid: optional(midField),
    ts: optional(timeField),
    /** It was sent to everyone online. */
    broadcast: optional(boolean),
    ref: optional(refField),
  },
  {},
  "reason",
);

export const signalPush = declare("signal", { from: nameField, ...signalFields }, {});

/** The outcomes of a message that was answered with `queued` [P-5.7]. */
export const deliveryOutcome = oneOf("delivered", "expired", "removed");
export type DeliveryOutcome = Infer<typeof deliveryOutcome>;

/** Sent to a sender who asked for it in `auth`: the outcome of a queued message. */
export const outcomePush = declare(
  "outcome",
  { to: nameField, account: optional(accountField), mid: midField, state: deliveryOutcome },
  {},
  "reason",
);
