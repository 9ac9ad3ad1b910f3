// What a person's daemon reports to its views: the session, contacts, conversations and messages, as plain data. The daemon
// is the only owner of all of it. A view may be killed at any moment and ask again.

import { errorTable } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { either, known, list, maybe, time } from "../lenient.ts";
import { limits } from "../limits.ts";
import { keyOfName } from "../names.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const name = string({ min: 1, max: 256 });
/** For texts that say why something was refused or has ended. */
export const maxReasonLength = 4_096;
const reason = string({ max: maxReasonLength });
/** A newer program may have further codes. */
export const errorCode = known<ErrorCode>("internal", ...(Object.keys(errorTable) as ErrorCode[]));

/** Identifies a TLS key: base64url of the SHA-256 of its SubjectPublicKeyInfo. */
export const pinField = string({ min: 43, max: 43 });

/** The user this person is signed in as, and the server. */
export const account = object({ user: name, server: string({ min: 1, max: 1_024 }) });
export type Account = Infer<typeof account>;

export function sameAccount(one: Account, other: Account): boolean {
  return one.server === other.server && keyOfName(one.user) === keyOfName(other.user);
}

/**
 * Maximum length of a stored draft, in UTF-16 units. More than a message may have, because a person may shorten it before
 * sending.
 */
export const maxDraft = 262_144;

/** The session with the server. Only a sign-out, a refusal or another login ends `connected`. */
const knownSessionState = variants("state", {
  /** Nobody is signed in, or the last session ended: `reason` says how, if the person should know. */
  signedOut: object({
    state: oneOf("signedOut"),
    account: optional(account),
    reason: optional(reason),
    code: optional(errorCode),
    /** Another login ended this session. */
    elsewhere: optional(boolean),
  }),
  /** `opening`: the history on this machine is being read and cannot be shown yet. */
  connecting: object({ state: oneOf("connecting"), account, opening: optional(boolean) }),
  connected: object({ state: oneOf("connected"), account }),
  /** Retried automatically at `retryAtMs` (since 1970). */
  unreachable: object({
    state: oneOf("unreachable"),
    account,
    reason,
    retryAtMs: time,
    /** The server answered with a key that is not trusted; `expected` is absent if none was known. */
    distrust: maybe(object({ shown: pinField, expected: optional(pinField) })),
  }),
});
export type SessionState = Infer<typeof knownSessionState>;

/** For states of a newer daemon: something is in progress for that account, or nobody is signed in. */
const unknownSessionState: Schema<SessionState> = {
  read(value, path) {
    const read = object({ account: maybe(account) }).read(value, path);
    if (read instanceof Invalid) return read;
    return read.account ? { state: "connecting", account: read.account } : { state: "signedOut" };
  },
};
export const sessionState = either<SessionState>(knownSessionState, unknownSessionState);

/** `direct`: on a link between the two daemons, to `address`. `server`: through the server, for the reason in `why`. */
const route = variants("kind", {
  direct: object({ kind: oneOf("direct"), address: string({ max: 128 }) }),
  connecting: object({ kind: oneOf("connecting") }),
  server: object({ kind: oneOf("server"), why: reason }),
});
export type Route = Infer<typeof route>;

/** Pinned at first sight. `changed`: another key was shown later; no direct talk until the person accepts it. */
const contactKey = object({ pin: pinField, verified: boolean, changed: optional(pinField) });
export type ContactKey = Infer<typeof contactKey>;

/** The presence that this person set, stored by the daemon for all windows. In `dnd`, no window notifies or asks. */
export const ownPresenceFields = {
  state: known("available", "away", "dnd"),
  text: maybe(string({ max: limits.maxPresenceTextLength })),
  /** The end of this presence (since 1970); after that the person is simply available. */
  untilMs: maybe(time),
};
export const ownPresenceField = object(ownPresenceFields);
export type OwnPresence = Infer<typeof ownPresenceField>;

/** Somebody's reaction to a message of this person. */
export const reactionField = object({ emoji: string({ max: 32 }), from: name });

/** One person, or everyone, as shown in the tree. */
const partnerFields = {
  conversation: conversationField,
  /** The name as its owner spells it; empty for everyone. */
  name: string({ max: 256 }),
  /** `offline` while the server cannot be reached. */
  presence: known("away", "available", "dnd", "offline"),
  presenceText: maybe(string({ max: 1_024 })),
  blocked: boolean,
  /** How messages reach this person; absent: through the server, and nothing else was tried. */
  route: maybe(route),
  /** The known key of their device. */
  key: maybe(contactKey),
};

/** The other side of a conversation: the part that does not depend on its messages. */
export const partner = object(partnerFields);
export type Partner = Infer<typeof partner>;

export const contact = object({
  ...partnerFields,
  /** The current server has nobody of that name. */
  unknown: maybe(boolean),
  muted: boolean,
  unread: integer({ min: 0 }),
  /** The newest message, shortened to one line. */
  lastWords: maybe(string({ max: 400 })),
  /** Whether this person wrote it. */
  lastOwn: maybe(boolean),
  /** Somebody reacted to a message of this person after that message. */
  lastReaction: maybe(reactionField),
  /** By its author's clock, if plausible. */
  lastAtMs: maybe(time),
  /** Rises with every message of any conversation, in order of arrival. It defines which message is newest. */
  lastArrival: maybe(integer({ min: 0 })),
});
export type Contact = Infer<typeof contact>;

/** Returns a greater number for a later newest message. An older daemon reports only the time of the author's clock. */
export function arrivalOf({ lastArrival, lastAtMs }: Pick<Contact, "lastArrival" | "lastAtMs">): number {
  return lastArrival ?? lastAtMs ?? 0;
}

/**
 * `sending`: on this machine's disk. `queued`: on the server's disk, the recipient is offline. `delivered`: on the
 * recipient's disk. `failed`: refused; Retry sends it again. `received`: from somebody else.
 */
const messageState = known("received", "sending", "queued", "delivered", "read", "failed");

export const chatMessage = object({
  conversation: conversationField,
  /** Position in this machine's history of the conversation. Rises, and never changes. */
  seq: integer({ min: 1 }),
  mid: string({ min: 1, max: 256 }),
  /** The author's name, as its owner spells it. */
  from: name,
  /** Written by this person, on this machine or another. */
  own: boolean,
  text: string(),
  /** By the author's clock, in milliseconds since 1970, if plausible. Messages are ordered by `seq`. */
  sentAtMs: time,
  state: messageState,
  /** For `failed`. */
  failure: maybe(object({ code: errorCode, reason })),
  /** The message that this one replies to: its id, and what is known of it here. */
  quote: maybe(
    object({ mid: string({ max: 256 }), seq: optional(integer({ min: 1 })), from: optional(name), text: string() }),
  ),
  /** Its author has edited it. */
  edited: maybe(boolean),
  /** Its author has deleted it; `text` is empty. */
  deleted: maybe(boolean),
  reactions: maybe(list(object({ emoji: string({ max: 32 }), from: list(name) }))),
  /** The key of the device that it came from, or was sent to, on a direct link; absent: through the server. */
  via: maybe(pinField),
  /** The stored message cannot be read; `text` is empty. */
  unreadable: maybe(boolean),
});
export type ChatMessage = Infer<typeof chatMessage>;
