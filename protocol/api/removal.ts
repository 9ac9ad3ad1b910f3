// What of a person's history stays on this machine: deleting a conversation, and how long messages are kept. Sender: view,
// receiver: daemon, unless said otherwise.

import { array, integer, optional, string } from "../validate.ts";
import { notification, request, accountScoped } from "./declare.ts";
import { conversationField } from "../conversations/conversation-id.ts";

/**
 * Takes everything of a conversation away on this machine, at once from views and, when it is answered, from every file.
 * Nobody else is told. `remains`: files that may hold it still, such as damaged histories that were set aside.
 */
export const deleteConversation = accountScoped(
  "chatRoom/deleteConversation",
  { conversation: conversationField },
  { remains: array(string()) },
);

/** Messages that were sent before so many days go from this machine; without `days` everything is kept. */
export const setRetention = request("chatRoom/setRetention", { days: optional(integer({ min: 1, max: 36_500 })) }, {});

/** Daemon to every view: what was read of that conversation, or of all, is not so any more. */
export const historyChanged = notification("chatRoom/historyChanged", { conversation: optional(conversationField) });
