// What views (windows and the command line) ask of the daemon. Sender: view, receiver: daemon, unless said otherwise.
// Every outcome is `{ok: true, …}` or a refusal with code and reason.

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
 * Who answers at that address, and whether its key is trusted: `trusted` (known, or right at first sight: on this machine,
 * named by the address or by `pin`, or vouched for by a certificate chain), `unknown` (a person has to say yes), `changed`
 * (it had the key `expected` before), `mismatch` (the key `expected` was named). Keeps nothing, and sends nothing to it.
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

/** The explicit word of a person: from now on that server has that key, whichever it had before. */
export const trustServer = request("chatRoom/trustServer", { server, pin: pinField }, { server: string() });

/**
 * Opens the one session. Answers when the server has: with the account, or why not. The password is not kept, and goes
 * only to a server whose key is trusted, or is `pin` and none was known. `renewal`: nobody typed it, for a session that has
 * just ended. However many views ask so, the server is asked once, and all are answered alike.
 */
export const signIn = request(
  "chatRoom/signIn",
  { server, user, password, pin: optional(pinField), renewal: optional(boolean) },
  { account },
);

/** Makes an account on the server; does not sign in. `pin` as for `signIn`. */
export const register = request(
  "chatRoom/register",
  { server, user, password, invite: optional(string({ max: 256 })), pin: optional(pinField) },
  {},
);

/** Logs out at the server where it can be reached, and forgets the token in any case. History stays. */
export const signOut = request("chatRoom/signOut", {}, {});

/** Tries the server now instead of at the end of the back-off. */
export const reconnect = request("chatRoom/reconnect", {}, {});

/** Everything a view draws at first; changes follow as notifications. */
export const snapshot = request(
  "chatRoom/snapshot",
  {},
  {
    session: sessionState,
    contacts: list(contact),
    /** Left out by a daemon of before it was told. */
    ownPresence: maybe(ownPresenceField),
  },
);

/** A page of a conversation, oldest first: the newest `limit` messages before `before` (or of all). */
export const history = request(
  "chatRoom/history",
  {
    conversation: conversationField,
    before: optional(integer({ min: 1 })),
    limit: optional(integer({ min: 1, max: 500 })),
  },
  { messages: list(chatMessage), more: boolean },
);

/** Who is online at this moment, asked of the server. */
export const onlineUsers = request("chatRoom/online", {}, { users: list(string()) });

export const blockUser = request("chatRoom/block", { user }, {});
export const unblockUser = request("chatRoom/unblock", { user }, {});

/** An invitation for somebody who has no account at this server yet. */
export const makeInvitation = request(
  "chatRoom/invite",
  {
    uses: optional(integer({ min: 1, max: limits.maxInviteUses })),
    days: optional(integer({ min: 1, max: limits.maxInviteDays })),
  },
  {
    /** Opens VS Code and fills in everything but name and password. */
    link: string(),
    /** What is in the link. */
    server: string(),
    invite: string(),
    uses: integer(),
    /** When it ends if the server runs all the time. */
    expiresAtMs: integer(),
    /** The server's address means this machine itself, and is of no use to others. */
    local: boolean,
  },
);

/** No notifications for this conversation; kept on this machine. */
export const mute = request("chatRoom/mute", { conversation: conversationField, muted: boolean }, {});

/** The conversation with a user of that name, whether or not there is a history. */
export const findContact = request("chatRoom/findContact", { user }, { contact });

/** A server run by the daemon on this machine, and again after a restart of the daemon, until it is stopped. */
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
    /** Names this home among all, for whoever was given the name. */
    homeId: optional(string()),
    /** What this person says about being there. */
    ownPresence: maybe(ownPresenceField),
    windows: integer(),
    /** Views that are not newer than the daemon: while there is one, no newer daemon takes over by itself. */
    olderViews: optional(integer()),
    outbox: integer(),
    /** Whose messages wait, and how many of each; the name is empty for everyone. */
    waiting: maybe(list(object({ name: string(), messages: integer() }))),
    /** Until when (since 1970) they are tried, also without any view; absent where they wait for a view or a sign-in. */
    triedUntilMs: maybe(time),
    /** Of conversations that are neither muted nor blocked, as in the badge. */
    unread: integer(),
    unreadMuted: maybe(integer()),
    hostedServer: optional(string()),
    /** What a person should know about this daemon and its files, a sentence each. */
    notes: maybe(list(string())),
    /** Why the server on this machine does not run, though it is wanted; it is tried again. */
    hostedTrouble: optional(string()),
  },
);

/** Ends the daemon after it has stored everything. */
export const stopDaemon = request("chatRoom/stop", {}, {});
