// A message that is about no other one.

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
 * Answers once the message is in the outbox on disk; what becomes of it comes as `messages` notifications. A view that
 * chose the `mid` may ask again if in doubt: it is the same message.
 */
export const send = accountScoped(
  "chatRoom/send",
  {
    conversation: conversationField,
    text: string(),
    mid: optional(midField),
    /** The position here of the message that this one replies to. */
    answers: optional(integer({ min: 1 })),
  },
  { message: chatMessage },
);

/** Puts a failed message back into the outbox, under the same id. */
export const retry = accountScoped("chatRoom/retry", { conversation: conversationField, mid: string({ min: 1 }) }, {});

export const toPage = {
  /** What became of a `send`. `unknown`: nobody can tell any more, because the window was reloaded meanwhile. */
  settled: object({
    kind: oneOf("settled"),
    mid,
    outcome: oneOf("stored", "refused", "unknown"),
    reason: optional(reason),
    /** The reason goes away as soon as the daemon is reached again. */
    transient: optional(boolean),
  }),
};

export const fromPage = {
  send: object({
    kind: oneOf("send"),
    token,
    /** Chosen by the page: a text that is sent again under its id is the same message. */
    mid,
    text: panelText,
    /** Who wrote it. Refused if another account is signed in by then. */
    account: accountId,
    /** The message that this one replies to. */
    replyTo: optional(seq),
  }),
  /** Try a failed message again. */
  retry: object({ kind: oneOf("retry"), token, mid }),
};
