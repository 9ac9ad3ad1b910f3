// What people do in a conversation beyond its events (protocol/conversations/kinds/): finding messages, and the drafts of
// those to come; and what they say about being there. Sender: view, receiver: daemon, unless said otherwise.

import { boolean, integer, object, optional, string } from "../validate.ts";
import { list, time } from "../lenient.ts";
import { presenceState } from "../wire/people.ts";
import { notification, request, accountScoped } from "./declare.ts";
import { account, chatMessage, maxDraft } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const seq = integer({ min: 1 });

/**
 * The messages that hold all the words (prefixes, without regard to case and accents), newest first; of one conversation or
 * of all. `before` is the `next` of the page before.
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

/** A page of a conversation around a position: up to `limit` messages on either side of `seq`, oldest first. */
export const historyAround = request(
  "chatRoom/historyAround",
  { conversation: conversationField, seq, limit: optional(integer({ min: 1, max: 200 })) },
  { messages: list(chatMessage), moreBefore: boolean, moreAfter: boolean },
);

/** The messages behind `after`, oldest first. */
export const historyAfter = request(
  "chatRoom/historyAfter",
  { conversation: conversationField, after: integer({ min: 0 }), limit: optional(integer({ min: 1, max: 500 })) },
  { messages: list(chatMessage), more: boolean },
);

/**
 * The message of that author and id, in whichever conversation of this account it is: what a link to a message names, which
 * is the same on every machine.
 */
export const findMessage = request(
  "chatRoom/findMessage",
  { from: string({ min: 1, max: 256 }), mid: string({ min: 1, max: 256 }) },
  { message: chatMessage },
);

/** A draft as it is kept. `revision` rises with every change of it, so that a view knows an old copy; 0: there was none. */
const keptDraft = { text: string(), revision: integer({ min: 0 }) };

/** What the person is writing, kept for the account on this machine's disk. */
export const setDraft = accountScoped(
  "chatRoom/setDraft",
  { conversation: conversationField, text: string({ max: maxDraft }) },
  { revision: keptDraft.revision },
);
export const draft = request("chatRoom/draft", { conversation: conversationField }, keptDraft);

/** Daemon to every view but the one that wrote it. */
export const draftChanged = notification("chatRoom/draftChanged", { conversation: conversationField, ...keptDraft });

/**
 * Own presence, told to the server now and after every connection, and kept; with `untilMs` it ends then by itself. `offline` is
 * no state of a person.
 */
export const setPresence = request(
  "chatRoom/setPresence",
  { state: presenceState, text: optional(string({ max: 140 })), untilMs: optional(time) },
  {},
);

/** What others may see of what this person does; kept by the daemon, both true at first. */
export const setSignals = request("chatRoom/setSignals", { typing: boolean, readMarks: boolean }, {});

/** The accounts of this machine, the present one among them. `signedIn`: a token is kept, so a switch asks nothing. */
export const accounts = request(
  "chatRoom/accounts",
  {},
  { accounts: list(object({ account, current: boolean, signedIn: boolean })) },
);

/** Leaves the present session open at its server, and takes up that account's. `not_authenticated`: sign in. */
export const switchAccount = request("chatRoom/switchAccount", { account }, { account });
