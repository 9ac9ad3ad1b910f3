// What goes without an answer. The first group: daemon to every view; `tell`: daemon to the one window that it chose;
// `focus`: window to daemon.

import { array, boolean, optional, string } from "../validate.ts";
import { list } from "../lenient.ts";
import { notification } from "./declare.ts";
import { chatMessage, contact, ownPresenceFields, reactionField, sessionState } from "./model.ts";
import { conversationField } from "../conversations/conversation-id.ts";

/** The whole new state of the session. */
export const sessionChanged = notification("chatRoom/sessionChanged", { session: sessionState });

/** What this person says about being there now, whichever window it was said in. */
export const ownPresence = notification("chatRoom/ownPresence", ownPresenceFields);

/** Contacts that are new or look different, and conversations that are contacts no more. */
export const contactsChanged = notification("chatRoom/contactsChanged", {
  changed: list(contact),
  removed: list(conversationField),
});

/** Messages that are new or whose state changed; matched by conversation and `seq`. */
export const messagesChanged = notification("chatRoom/messagesChanged", { messages: list(chatMessage) });

/** Something a person has to know that belongs to no conversation, such as a history file that had to be set aside. */
export const notice = notification("chatRoom/notice", { text: string() });

/** Show one notification for this message; sent to one window only. */
export const tell = notification("chatRoom/tell", {
  message: chatMessage,
  title: string(),
  /** It names this person: `@name`. Left out by a daemon of before it was judged there. */
  named: optional(boolean),
  /** What is told is that somebody reacted so to this message of the person. */
  reaction: optional(reactionField),
});

/** Sent by a window whenever either changes, so that the daemon can choose the one window that tells. */
export const focus = notification("chatRoom/focus", {
  focused: boolean,
  /** The conversations that are visible in this window now. */
  visible: array(conversationField, { max: 64 }),
  /** True where this window can show notifications. */
  tells: optional(boolean),
  /** True where it shows only those that name the person. */
  mentions: optional(boolean),
  /** True where it also shows what others give as reactions. */
  reactions: optional(boolean),
});
