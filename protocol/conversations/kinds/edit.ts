// Another text for an earlier message of the same author. The event itself has no body: the text of a message is in one
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

/** Changes the text of an own message, for the other side too. The edit waits in the outbox like any message. */
export const editMessage = accountScoped(
  "chatRoom/editMessage",
  { conversation: conversationField, mid: midField, text: string() },
  {},
);

/** In the state of a page: an own message with the text that it is to have. */
export const change = object({ mid, text: string() });

export const toPage = {
  /** What became of an `edit`, of whom and with which text. A refused one comes back, so that it can be written on. */
  edited: object({
    kind: oneOf("edited"),
    account: accountId,
    mid,
    text: string(),
    refused: optional(reason),
    /** The reason goes away as soon as the daemon is reached again. */
    transient: optional(boolean),
  }),
};

export const fromPage = {
  /** `account`: as of `send`. */
  edit: object({ kind: oneOf("edit"), token, account: accountId, mid, text: panelText }),
};
