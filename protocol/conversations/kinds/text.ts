// A message that does not refer to another one.

import { accountScoped } from "../../api/declare.ts";
import { chatMessage } from "../../api/model.ts";
import { accountId, mid, panelText, reason, seq, token } from "../../page/page-fields.ts";
import { boolean, integer, object, oneOf, optional, string } from "../../validate.ts";
import { midField } from "../../wire/declare.ts";
import { conversationField } from "../conversation-id.ts";
import type { WireKind } from "./kind.ts";

export const text = {
  ref: undefined,
  isMessage: true,
  msg: (body) => body,
  body: (msg) => msg,
} as const satisfies WireKind;

/**
 * Resolves once the message is in the outbox on disk; its later states come as `messages` notifications. A view that
 * chose the `mid` may repeat the request if in doubt: it is the same message.
 */
export const send = accountScoped(
  "chatRoom/send",
  {
    conversation: conversationField,
    text: string(),
    mid: optional(midField),
    /** The position on this machine of the message that this one replies to. */
    answers: optional(integer({ min: 1 })),
  },
  { message: chatMessage },
);

/** Puts a failed message back into the outbox with the same id. */
export const retry = accountScoped("chatRoom/retry", { conversation: conversationField, mid: string({ min: 1 }) }, {});

export const toPage = {
  /** The outcome of a `send`. `unknown`: lost, because the window was reloaded meanwhile. */
  settled: object({
    kind: oneOf("settled"),
    mid,
    outcome: oneOf("stored", "refused", "unknown"),
    reason: optional(reason),
    /** The reason no longer applies once the daemon can be reached again. */
    transient: optional(boolean),
  }),
};

export const fromPage = {
  send: object({
    kind: oneOf("send"),
    token,
    /** Chosen by the page: a text that is sent again with its id is the same message. */
    mid,
    text: panelText,
    /** The author's account. Refused if another account is signed in by then. */
    account: accountId,
    /** The message that this one replies to. */
    replyTo: optional(seq),
  }),
  /** Sends a failed message again. */
  retry: object({ kind: oneOf("retry"), token, mid }),
};
