// A new text for an earlier message of the same author. The event itself has no body: the text of a message is stored in one
// place, the message.

import { accountScoped } from "../../api/declare.ts";
import { accountId, mid, panelText, reason, token } from "../../page/page-fields.ts";
import { boolean, object, oneOf, optional, string } from "../../validate.ts";
import { midField } from "../../wire/declare.ts";
import { conversationField } from "../conversation-id.ts";
import type { WireKind } from "./kind.ts";

export const edit = {
  ref: "edit",
  isMessage: false,
  msg: (body) => body,
  body: (msg) => (msg.trim() === "" ? undefined : msg),
} as const satisfies WireKind;

/** Edits an own message, on both sides. The edit waits in the outbox like any message. */
export const editMessage = accountScoped(
  "chatRoom/editMessage",
  { conversation: conversationField, mid: midField, text: string() },
  {},
);

/** In the state of a page: an own message and its new text. */
export const change = object({ mid, text: string() });

export const toPage = {
  /** The outcome of an `edit`, with its account and text. A refused one comes back so that the person can continue it. */
  edited: object({
    kind: oneOf("edited"),
    account: accountId,
    mid,
    text: string(),
    refused: optional(reason),
    /** The reason no longer applies once the daemon can be reached again. */
    transient: optional(boolean),
  }),
};

export const fromPage = {
  /** `account`: as in `send`. */
  edit: object({ kind: oneOf("edit"), token, account: accountId, mid, text: panelText }),
};
