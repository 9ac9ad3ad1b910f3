// Messages from person to person and to everyone [P-4.2, P-4.3], and the ephemeral signals beside them [P-4.14].

import { limits } from "../limits.ts";
import { boolean, integer, oneOf, optional, string } from "../validate.ts";
import { declare, midField, msgField, nameField, timeField } from "./declare.ts";

export const message = declare(
  "message",
  { to: nameField, msg: msgField, mid: optional(midField), ts: optional(timeField) },
  {
    /** `delivered`: it is with the recipient. `queued`: it is in the mailbox, on disk. */
    delivery: optional(oneOf("delivered", "queued")),
  },
  "reason",
);

export const broadcast = declare(
  "broadcast",
  { msg: msgField, mid: optional(midField), ts: optional(timeField) },
  {
    /** To how many people it went. */
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
    to: optional(nameField),
    msg: msgField,
    mid: optional(midField),
    ts: optional(timeField),
    /** It was sent to everyone online. */
    broadcast: optional(boolean),
  },
  {},
  "reason",
);

export const signalPush = declare("signal", { from: nameField, ...signalFields }, {});
