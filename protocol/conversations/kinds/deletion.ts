// Deletes an earlier message of the same author. Its place stays.

import { accountScoped } from "../../api/declare.ts";
import { mid, token } from "../../page/page-fields.ts";
import { object, oneOf } from "../../validate.ts";
import { midField } from "../../wire/declare.ts";
import { conversationField } from "../conversation-id.ts";
import type { WireKind } from "./kind.ts";

/** What a client without support for deletions shows. */
export const deletedText = "(deleted)";

export const deletion = {
  ref: "delete",
  isMessage: false,
  msg: () => deletedText,
  body: () => "",
} as const satisfies WireKind;

/** Deletes an own message on both sides; a line that says so stays. */
export const deleteMessage = accountScoped(
  "chatRoom/deleteMessage",
  { conversation: conversationField, mid: midField },
  {},
);

export const fromPage = {
  /** Deletes an own message; the host asks first. */
  delete: object({ kind: oneOf("delete"), token, mid }),
};
