// Removing history from this machine: deleting a conversation, and how long messages are kept. Sender: view, receiver:
// daemon, unless noted otherwise.

import { array, integer, optional, string } from "../validate.ts";
import { notification, request, accountScoped } from "./declare.ts";
import { conversationField } from "../conversations/conversation-id.ts";

/**
 * Deletes a conversation on this machine: from views at once, and from every file by the time this answers. Nobody else is
 * told. `remains`: files that may still contain it, such as damaged histories that were set aside.
 */
export const deleteConversation = accountScoped(
  "chatRoom/deleteConversation",
  { conversation: conversationField },
  { remains: array(string()) },
);

/** Deletes messages that are older than this many days from this machine; without `days` everything is kept. */
export const setRetention = request("chatRoom/setRetention", { days: optional(integer({ min: 1, max: 36_500 })) }, {});

/** Daemon to every view: pages of that conversation, or of all, that were read before are outdated. */
export const historyChanged = notification("chatRoom/historyChanged", { conversation: optional(conversationField) });
