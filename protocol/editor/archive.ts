// What a person does with their history as a whole: taking it to another place, bringing it in, deleting a conversation, and
// how long it is kept. Sender: view, receiver: daemon, unless said otherwise. Lines are those of `archive-lines.ts`.

import { array, boolean, integer, optional, string } from "../validate.ts";
import { notification, request, spoken } from "./declare.ts";
import { conversationField } from "./model.ts";
import { maxArchiveLineLength } from "./archive-lines.ts";

/**
 * Takes everything of a conversation away on this machine, at once from views and, when it is answered, from every file.
 * Nobody else is told. `remains`: files that may hold it still, such as damaged histories that were set aside.
 */
export const deleteConversation = spoken(
  "chatRoom/deleteConversation",
  { conversation: conversationField },
  { remains: array(string()) },
);

/** Messages that were sent before so many days go from this machine; without `days` everything is kept. */
export const setRetention = request("chatRoom/setRetention", { days: optional(integer({ min: 1, max: 36_500 })) }, {});

/** A part of the lines of an export, of one conversation or of all; `next` is the `after` of the next part. */
export const exportHistory = request(
  "chatRoom/exportHistory",
  { conversation: optional(conversationField), after: optional(string({ max: 128 })) },
  { lines: array(string()), next: optional(string({ max: 128 })) },
);

const id = string({ min: 1, max: 64 });

/**
 * Begins to bring a file in; `header` is its first line. Refused if it is another account's, unless `adopt` says that it is
 * to be this one's. Nothing is changed before `importEnd`.
 */
export const importStart = request(
  "chatRoom/importStart",
  { header: string({ max: maxArchiveLineLength }), adopt: boolean },
  { id },
);

/** The next lines. One that is wrong ends the import, with its reason. */
export const importLines = request(
  "chatRoom/importLines",
  { id, lines: array(string({ max: maxArchiveLineLength }), { max: 10_000 }) },
  {},
);

/** Everything has been said: it is merged into the history. Answers how much was new. */
export const importEnd = request(
  "chatRoom/importEnd",
  { id },
  { messages: integer({ min: 0 }), acts: integer({ min: 0 }) },
);

/** Daemon to every view: what was read of that conversation, or of all, is not so any more. */
export const historyChanged = notification("chatRoom/historyChanged", { conversation: optional(conversationField) });
