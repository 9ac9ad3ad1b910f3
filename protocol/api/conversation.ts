// What people do with messages besides sending them: reply, edit, find, and drafts. Sender: view, receiver: daemon, unless
// noted otherwise.

import { boolean, integer, object, optional, string } from "../validate.ts";
import { list, time } from "../lenient.ts";
import { midField } from "../wire/declare.ts";
import { presenceState } from "../wire/people.ts";
import { notification, request, accountScoped } from "./declare.ts";
import { account, chatMessage, maxDraft } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

const seq = integer({ min: 1 });

/** Edits an own message, for the other side too. The edit waits in the outbox like any message. */
export const editMessage = accountScoped(
  "chatRoom/editMessage",
  { conversation: conversationField, mid: midField, text: string() },
  {},
);

/** Deletes an own message on both sides. Its place remains, marked as deleted. */
export const deleteMessage = accountScoped(
  "chatRoom/deleteMessage",
  { conversation: conversationField, mid: midField },
  {},
);

/**
 * Adds a reaction of this person to any message, or removes it (`on: false`). `seq` is the message's position on this
 * machine.
 */
export const react = accountScoped(
  "chatRoom/react",
  { conversation: conversationField, seq, emoji: string({ min: 1, max: 32 }), on: boolean },
  {},
);

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

/**
 * Marks the conversation as unread from the message at `from`, also after a restart. A read mark that was sent to the other
 * side remains.
 */
export const markUnread = accountScoped("chatRoom/markUnread", { conversation: conversationField, from: seq }, {});

/** A stored draft. `revision` rises with every change, so that a view can recognize an old copy; 0: there was none. */
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

/** Reports that the person is writing. At most one signal in 3 s is sent, and none if typing signals are switched off. */
export const typing = accountScoped("chatRoom/typing", { conversation: conversationField }, {});

/** Daemon to every view: that person is writing. Valid for 6 s. */
export const personTyping = notification("chatRoom/personTyping", { conversation: conversationField });

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
