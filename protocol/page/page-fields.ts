// Fields that several messages between the extension host and the page of a chat panel have.

import { conversationField } from "../conversations/conversation-id.ts";
import { limits } from "../limits.ts";
import { integer, object, string } from "../validate.ts";

/** Proves that a message comes from the page of this panel; every message from a page has it. */
export const token = string({ min: 1, max: 128 });
/** The position of a message in this machine's history of the conversation. */
export const seq = integer({ min: 1 });
export const mid = string({ min: 1, max: 256 });
/** User and server in one. What was written for one account is neither shown to another one nor sent by it. */
export const accountId = string({ min: 1 });
/** In characters. The page does not post a longer text; whether it has too many bytes is for the daemon to say. */
export const maxPanelText = 4 * limits.maxMessageBytes;
export const panelText = string({ min: 1, max: maxPanelText });
/** A sentence that says why something was refused. */
export const reason = string({ max: 8_192 });
/** The number of a draft, which the daemon counts. */
export const revision = integer({ min: 0 });
/** In the state of a page: which chat it is. */
export const chatFields = { conversation: conversationField, name: string({ max: 256 }) };
/** All that the host reads of that state, to restore the panel around the page. */
export const chatOfState = object(chatFields);
