// Fields that several messages between the extension host and the page of a chat panel share.

import { conversationField } from "../conversations/conversation-id.ts";
import { limits } from "../limits.ts";
import { integer, object, string } from "../validate.ts";

/** Proves that a message comes from the page of this panel; every message from a page has it. */
export const token = string({ min: 1, max: 128 });
/** The position of a message in this machine's history of the conversation. */
export const seq = integer({ min: 1 });
export const mid = string({ min: 1, max: 256 });
/** User and server in one. What was written for one account is never shown to another one or sent by it. */
export const accountId = string({ min: 1 });
/** In characters. The page does not post a longer text; the daemon checks the number of bytes. */
export const maxPanelText = 4 * limits.maxMessageBytes;
export const panelText = string({ min: 1, max: maxPanelText });
/** A sentence that says why something was refused. */
export const reason = string({ max: 8_192 });
/** The revision number of a draft, counted by the daemon. */
export const revision = integer({ min: 0 });
/** In the state of a page: the conversation and its name. */
export const chatFields = { conversation: conversationField, name: string({ max: 256 }) };
/** The only part of that state that the host reads, to restore the panel around the page. */
export const chatOfState = object(chatFields);
