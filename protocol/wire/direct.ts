// Addresses, consent, and pushes that end something [P-4.8, P-6].

import { array, object, optional, string } from "../validate.ts";
import { accountField, declare, nameField, portField } from "./declare.ts";

export const address = declare(
  "address",
  { target: nameField },
  {
    ip: string({ max: 64 }),
    /** A string of digits, as in the original protocol. */
    port: portField,
    /** The pin of the target's device key. */
    key: optional(string({ max: 128 })),
    /** Further addresses at which its listener may be reached. */
    addresses: optional(array(object({ ip: string({ max: 64 }), port: portField }), { max: 32 })),
  },
);

/** May `from` talk to you directly, and learn your address? Answered ok only if the person agrees. */
export const requestPush = declare(
  "request",
  {
    from: nameField,
    /** The account of `from` [P-3.7]. */
    account: optional(accountField),
    /** The user whom a peer asks: one device may serve several accounts, one after the other. */
    to: optional(nameField),
    /** The pin of the asker's device key, if it proved one to the server. */
    key: optional(string({ max: 128 })),
    /** The address that the asker authenticated from. */
    ip: optional(string({ max: 64 })),
  },
  {},
  "reason",
);

/** `from` has left. */
export const offlinePush = declare("offline", { from: nameField }, {}, "reason");

/** Between two clients: the sender ends their direct link on purpose, and is still online [P-6.8]. */
export const closeLink = declare("close", { from: nameField }, {}, "reason");

/** This session has ended. */
export const killPush = declare("kill", { reason: string({ max: 1_024 }) }, {}, "reason");

/**
 * The same device opened the session on another link [P-4.1, P-6.11], and this link is about to be closed. A client that
 * still uses this link learns from it that somebody else has its device key.
 */
export const takenPush = declare("taken", {}, {}, "reason");

/** The reason that the original protocol gives for a login elsewhere. */
export const loggedInElsewhere = "you have logged in at another place.";
