// Requests of views (windows and the command line) to the daemon. Sender: view, receiver: daemon, unless noted otherwise.
// Every outcome is `{ok: true, …}` or a failure with code and reason.

import { list, maybe, time } from "../lenient.ts";
import { limits } from "../limits.ts";
import { boolean, integer, object, oneOf, optional, string } from "../validate.ts";
import { request } from "./declare.ts";
import { account, chatMessage, contact, ownPresenceField, pinField, sessionState } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const server = string({ min: 1, max: 1_024 });
const user = string({ max: 1_024 });
const password = string({ min: 1, max: limits.maxPasswordLength });

/**
 * Returns who answers at that address, and whether its key is trusted: `trusted` (known; or accepted at first sight because
 * it is on this machine, named by the address or by `pin`, or vouched for by a certificate chain), `unknown` (a person has
 * to confirm it), `changed` (it had the key `expected` before), `mismatch` (the key `expected` was named). Stores nothing,
 * and sends nothing to the server.
 */
export const inspectServer = request(
  "chatRoom/inspectServer",
  { server, pin: optional(pinField) },
  {
    server: string(),
    pin: pinField,
    trust: oneOf("trusted", "unknown", "changed", "mismatch"),
    expected: optional(pinField),
  },
);

/** Trusts that key for the server because a person decided so, in place of any earlier one. */
export const trustServer = request("chatRoom/trustServer", { server, pin: pinField }, { server: string() });

/**
 * Opens the one session. Answers once the server has answered: with the account, or the reason for a failure. The password
 * is not stored. It is sent only to a server whose key is trusted, or is `pin` if none was known. `renewal`: nobody typed
 * the password; it renews a session that has just ended. However many views ask for that, the server is asked once, and all
 * get the same answer.
 */
export const signIn = request(
  "chatRoom/signIn",
  { server, user, password, pin: optional(pinField), renewal: optional(boolean) },
  { account },
);

/** Creates an account on the server; does not sign in. `pin` as for `signIn`. */
export const register = request(
  "chatRoom/register",
  { server, user, password, invite: optional(string({ max: 256 })), pin: optional(pinField) },
  {},
);

/** Logs out at the server if it can be reached, and forgets the token in any case. History stays. */
export const signOut = request("chatRoom/signOut", {}, {});

/** Tries the server now instead of at the end of the back-off. */
export const reconnect = request("chatRoom/reconnect", {}, {});

/** Returns everything that a view shows initially. Changes follow as notifications. */
export const snapshot = request(
  "chatRoom/snapshot",
  {},
  {
    session: sessionState,
    contacts: list(contact),
    /** Absent from daemons older than this field. */
    ownPresence: maybe(ownPresenceField),
  },
);

/** Returns a page of a conversation, oldest first: the newest `limit` messages before `before` (or of all). */
export const history = request(
  "chatRoom/history",
  {
    conversation: conversationField,
    before: optional(integer({ min: 1 })),
    limit: optional(integer({ min: 1, max: 500 })),
  },
  { messages: list(chatMessage), more: boolean },
);

/** Asks the server who is online at this moment. */
export const onlineUsers = request("chatRoom/online", {}, { users: list(string()) });

export const blockUser = request("chatRoom/block", { user }, {});
export const unblockUser = request("chatRoom/unblock", { user }, {});

/** Creates an invitation for somebody who has no account at this server yet. */
export const makeInvitation = request(
  "chatRoom/invite",
  {
    uses: optional(integer({ min: 1, max: limits.maxInviteUses })),
    days: optional(integer({ min: 1, max: limits.maxInviteDays })),
  },
  {
    /** Opens VS Code and fills in everything except name and password. */
    link: string(),
    /** The contents of the link. */
    server: string(),
    invite: string(),
    uses: integer(),
    /** When it expires if the server runs all the time. */
    expiresAtMs: integer(),
    /** The server's address means this machine itself, so it does not work for others. */
    local: boolean,
  },
);

/** Switches off notifications for this conversation. Stored on this machine. */
export const mute = request("chatRoom/mute", { conversation: conversationField, muted: boolean }, {});

/** Returns the conversation with a user of that name, whether or not there is a history. */
export const findContact = request("chatRoom/findContact", { user }, { contact });

/** Starts a server on this machine. The daemon runs it, also after a restart of the daemon, until it is stopped. */
export const startServer = request(
  "chatRoom/startServer",
  { port: optional(integer({ min: 0, max: 65_535 })) },
  { address: string(), alreadyRunning: boolean },
);
export const stopServer = request("chatRoom/stopServer", {}, { wasRunning: boolean });

/** For `status` and for a report. */
export const daemonStatus = request(
  "chatRoom/status",
  {},
  {
    session: sessionState,
    pid: integer(),
    version: string(),
    build: integer(),
    home: string(),
    /** Identifies this home, for views that were given the id. */
    homeId: optional(string()),
    /** The presence that this person set. */
    ownPresence: maybe(ownPresenceField),
    windows: integer(),
    /** Views that are not newer than the daemon. While there is one, no newer daemon takes over automatically. */
    olderViews: optional(integer()),
    outbox: integer(),
    /** Recipients of waiting messages, with the number for each; the name is empty for everyone. */
    waiting: maybe(list(object({ name: string(), messages: integer() }))),
    /** Until when (since 1970) sending is retried, even without a view; absent if messages wait for a view or a sign-in. */
    triedUntilMs: maybe(time),
    /** For conversations that are neither muted nor blocked, as in the badge. */
    unread: integer(),
    unreadMuted: maybe(integer()),
    hostedServer: optional(string()),
    /** What a person should know about this daemon and its files, one sentence each. */
    notes: maybe(list(string())),
    /** Why the server on this machine is not running although it is wanted; starting is retried. */
    hostedTrouble: optional(string()),
  },
);

/** Ends the daemon after it has stored everything. */
export const stopDaemon = request("chatRoom/stop", {}, {});
