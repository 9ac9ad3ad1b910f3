// Notifications, which have no answer. The first group: daemon to every view; `tell`: daemon to the one window that it
// chose; `focus`: window to daemon.

import { array, boolean, optional, string } from "../validate.ts";
import { list } from "../lenient.ts";
import { notification } from "./declare.ts";
import { chatMessage, contact, ownPresenceFields, reactionField, sessionState } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

/** The complete new state of the session. */
export const sessionChanged = notification("chatRoom/sessionChanged", { session: sessionState });

/** The presence that this person has set, in whichever window. */
export const ownPresence = notification("chatRoom/ownPresence", ownPresenceFields);

/** New or changed contacts, and conversations that are no longer contacts. */
export const contactsChanged = notification("chatRoom/contactsChanged", {
  changed: list(contact),
  removed: list(conversationField),
});

/** New messages, and messages whose state changed; identified by conversation and `seq`. */
export const messagesChanged = notification("chatRoom/messagesChanged", { messages: list(chatMessage) });

/** Something a person has to know that belongs to no conversation, such as a history file that had to be set aside. */
export const notice = notification("chatRoom/notice", { text: string() });

/** Asks one window to show a notification for this message. */
export const tell = notification("chatRoom/tell", {
  message: chatMessage,
  title: string(),
  /** Whether it mentions this person: `@name`. Absent from daemons older than this field. */
  named: optional(boolean),
  /** Set if the notification is about this reaction to the person's message. */
  reaction: optional(reactionField),
});

/** Sent by a window whenever any of these changes, so that the daemon can choose the one window that notifies. */
export const focus = notification("chatRoom/focus", {
  focused: boolean,
  /** The conversations that are visible in this window now. */
  visible: array(conversationField, { max: 64 }),
  /** Whether this window can show notifications. */
  tells: optional(boolean),
  /** Whether it shows only messages that mention the person. */
  mentions: optional(boolean),
  /** Whether it also shows reactions of others. */
  reactions: optional(boolean),
});
