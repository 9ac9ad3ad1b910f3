// What people do in a conversation beyond its events (protocol/conversations/kinds/): finding messages, and the drafts of
// those to come; and what they say about being there. Sender: view, receiver: daemon, unless noted otherwise.

import { boolean, integer, object, optional, string } from "../validate.ts";
import { list, time } from "../lenient.ts";
import { presenceState } from "../wire/people.ts";
import { notification, request, accountScoped } from "./declare.ts";
import { account, chatMessage, maxDraft } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const seq = integer({ min: 1 });

/**
 * Finds messages that contain all the words (as prefixes, ignoring case and accents), newest first; in one conversation or
 * in all. `before` is the `next` of the previous page.
 */
export const search = request(
  "chatRoom/search",
  {
    text: string({ min: 1, max: 1_024 }),
    conversation: optional(conversationField),
    before: optional(integer({ min: 1 })),
    limit: optional(integer({ min: 1, max: 200 })),
  },
  { hits: list(object({ message: chatMessage })), next: optional(integer({ min: 1 })) },
);

/** Returns a page of a conversation around a position: up to `limit` messages on either side of `seq`, oldest first. */
export const historyAround = request(
  "chatRoom/historyAround",
  { conversation: conversationField, seq, limit: optional(integer({ min: 1, max: 200 })) },
  { messages: list(chatMessage), moreBefore: boolean, moreAfter: boolean },
);

/** Returns the messages after `after`, oldest first. */
export const historyAfter = request(
  "chatRoom/historyAfter",
  { conversation: conversationField, after: integer({ min: 0 }), limit: optional(integer({ min: 1, max: 500 })) },
  { messages: list(chatMessage), more: boolean },
);

/**
 * Finds the message with that author and id, in any conversation of this account. A link to a message contains these two,
 * because they are the same on every machine.
 */
export const findMessage = request(
  "chatRoom/findMessage",
  { from: string({ min: 1, max: 256 }), mid: string({ min: 1, max: 256 }) },
  { message: chatMessage },
);

/** A draft as it is kept. `revision` rises with every change of it, so that a view knows an old copy; 0: there was none. */
const keptDraft = { text: string(), revision: integer({ min: 0 }) };

/** Stores the draft on this machine's disk, for the account. */
export const setDraft = accountScoped(
  "chatRoom/setDraft",
  { conversation: conversationField, text: string({ max: maxDraft }) },
  { revision: keptDraft.revision },
);
export const draft = request("chatRoom/draft", { conversation: conversationField }, keptDraft);

/** Daemon to every view except the one that changed it. */
export const draftChanged = notification("chatRoom/draftChanged", { conversation: conversationField, ...keptDraft });

/**
 * Sets the own presence. It is stored and sent to the server now and after every connection. With `untilMs` it ends
 * automatically. A person cannot choose `offline`.
 */
export const setPresence = request(
  "chatRoom/setPresence",
  { state: presenceState, text: optional(string({ max: 140 })), untilMs: optional(time) },
  {},
);

/** Sets what others may see of this person's activity. Stored by the daemon; both are true initially. */
export const setSignals = request("chatRoom/setSignals", { typing: boolean, readMarks: boolean }, {});

/**
 * Returns the accounts of this machine, including the current one. `signedIn`: a token is stored, so switching needs no
 * password.
 */
export const accounts = request(
  "chatRoom/accounts",
  {},
  { accounts: list(object({ account, current: boolean, signedIn: boolean })) },
);

/** Leaves the current session open at its server and continues that account's. `not_authenticated`: sign in. */
export const switchAccount = request("chatRoom/switchAccount", { account }, { account });
