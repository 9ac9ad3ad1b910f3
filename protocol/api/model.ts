// What a person's daemon tells its views: the session, contacts, conversations and messages, as plain data. The daemon
// is the one owner of all of it; a view may be killed at any moment and ask again.

import { errorTable } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { boolean, integer, Invalid, object, oneOf, optional, string, variants } from "../validate.ts";
import type { Infer, Schema } from "../validate.ts";
import { either, known, list, maybe, time } from "../lenient.ts";
import { limits } from "../limits.ts";
import { keyOfName } from "../names.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const name = string({ min: 1, max: 256 });
/** Of the sentence that says why something was refused or ended. */
export const maxReasonLength = 4_096;
const reason = string({ max: maxReasonLength });
/** A newer program may know more of them. */
export const errorCode = known<ErrorCode>("internal", ...(Object.keys(errorTable) as ErrorCode[]));

/** Names a TLS key: base64url of the SHA-256 of its SubjectPublicKeyInfo. */
export const pinField = string({ min: 43, max: 43 });

/** Whom this person is signed in as, and where. */
export const account = object({ user: name, server: string({ min: 1, max: 1_024 }) });
export type Account = Infer<typeof account>;

export function sameAccount(one: Account, other: Account): boolean {
  return one.server === other.server && keyOfName(one.user) === keyOfName(other.user);
}

/** Of a draft that is kept, in UTF-16 units. More than a message may have: a person may cut it before they send it. */
export const maxDraft = 262_144;

/** Where the person stands towards the server. Nothing but a sign-out, a refusal or another login ends `connected`. */
const knownSessionState = variants("state", {
  /** Nobody signed in, or the last session ended: `reason` says how, where the person should know. */
  signedOut: object({
    state: oneOf("signedOut"),
    account: optional(account),
    reason: optional(reason),
    code: optional(errorCode),
    /** Another login ended this session. */
    elsewhere: optional(boolean),
  }),
  /** `opening`: the history on this machine is being read, and nothing of it can be shown yet. */
  connecting: object({ state: oneOf("connecting"), account, opening: optional(boolean) }),
  connected: object({ state: oneOf("connected"), account }),
  /** Will be tried again by itself at `retryAtMs` (since 1970). */
  unreachable: object({
    state: oneOf("unreachable"),
    account,
    reason,
    retryAtMs: time,
    /** It was reached and showed a key that is not trusted; `expected` is absent where none was known. */
    distrust: maybe(object({ shown: pinField, expected: optional(pinField) })),
  }),
});
export type SessionState = Infer<typeof knownSessionState>;

/** Of a daemon that knows more states: something is under way for that account, or nobody is signed in. */
const unknownSessionState: Schema<SessionState> = {
  read(value, path) {
    const read = object({ account: maybe(account) }).read(value, path);
    if (read instanceof Invalid) return read;
    return read.account ? { state: "connecting", account: read.account } : { state: "signedOut" };
  },
};
export const sessionState = either<SessionState>(knownSessionState, unknownSessionState);

/** `direct`: on a link of the two daemons, to `address`. `server`: through the server, for the reason in `why`. */
const route = variants("kind", {
  direct: object({ kind: oneOf("direct"), address: string({ max: 128 }) }),
  connecting: object({ kind: oneOf("connecting") }),
  server: object({ kind: oneOf("server"), why: reason }),
});
export type Route = Infer<typeof route>;

/** Pinned at first sight. `changed`: another key was shown since; no direct talk until the person accepts it. */
const contactKey = object({ pin: pinField, verified: boolean, changed: optional(pinField) });
export type ContactKey = Infer<typeof contactKey>;

/** What this person says about being there, kept by the daemon for all windows. In `dnd` no window tells or asks. */
export const ownPresenceFields = {
  state: known("available", "away", "dnd"),
  text: maybe(string({ max: limits.maxPresenceTextLength })),
  /** Until then (since 1970); after it the person is simply available. */
  untilMs: maybe(time),
};
export const ownPresenceField = object(ownPresenceFields);
export type OwnPresence = Infer<typeof ownPresenceField>;

/** Somebody's emoji on a message of this person. */
export const reactionField = object({ emoji: string({ max: 32 }), from: name });

/** One person, or everyone, as the tree shows it. */
const partnerFields = {
  conversation: conversationField,
  /** The name as its owner spells it; empty for everyone. */
  name: string({ max: 256 }),
  /** `offline` while the server cannot be reached. */
  presence: known("away", "available", "dnd", "offline"),
  presenceText: maybe(string({ max: 1_024 })),
  blocked: boolean,
  /** How messages go to this person; absent: through the server, and nothing else was tried. */
  route: maybe(route),
  /** What is known of the key of their device. */
  key: maybe(contactKey),
};

/** Whom a conversation is with: what does not change with its messages. */
export const partner = object(partnerFields);
export type Partner = Infer<typeof partner>;

export const contact = object({
  ...partnerFields,
  /** The server that one is signed in at has nobody of that name. */
  unknown: maybe(boolean),
  muted: boolean,
  unread: integer({ min: 0 }),
  /** The newest message, shortened to one line. */
  lastWords: maybe(string({ max: 400 })),
  /** This person wrote it. */
  lastOwn: maybe(boolean),
  /** Since then somebody reacted to a message of this person. */
  lastReaction: maybe(reactionField),
  /** By its author's clock, as far as that was believed. */
  lastAtMs: maybe(time),
  /** Rises with every message of any conversation, in the order in which they came: "newest" is by this. */
  lastArrival: maybe(integer({ min: 0 })),
});
export type Contact = Infer<typeof contact>;

/** Greater where the newest message came later. A daemon of before says only what the author's clock said. */
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
  /** Position in this machine's history of the conversation; rises, never changes. */
  seq: integer({ min: 1 }),
  mid: string({ min: 1, max: 256 }),
  /** The author as spelled by its owner. */
  from: name,
  /** Written by this person, on this machine or another. */
  own: boolean,
  text: string(),
  /** The author's clock, milliseconds since 1970, as far as it was believed: order is by `seq`. */
  sentAtMs: time,
  state: messageState,
  /** For `failed`. */
  failure: maybe(object({ code: errorCode, reason })),
  /** The message that this one answers: its id, and what of it is known here. */
  quote: maybe(
    object({ mid: string({ max: 256 }), seq: optional(integer({ min: 1 })), from: optional(name), text: string() }),
  ),
  /** Its text was changed by its author. */
  edited: maybe(boolean),
  /** Taken back by its author; `text` is empty. */
  deleted: maybe(boolean),
  reactions: maybe(list(object({ emoji: string({ max: 32 }), from: list(name) }))),
  /** The key of the device that it came from, or went to, on a direct link; absent: by the server. */
  via: maybe(pinField),
  /** What is stored of it cannot be read; `text` is empty. */
  unreadable: maybe(boolean),
});
export type ChatMessage = Infer<typeof chatMessage>;
