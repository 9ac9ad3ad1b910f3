// One emoji of one person on an earlier message of anybody, and its removal.

import { accountScoped } from "../../api/declare.ts";
import { seq, token } from "../../page/page-fields.ts";
import { reactionOf } from "../../text/emoji-key.ts";
import { boolean, object, oneOf, string } from "../../validate.ts";
import { conversationField } from "../conversation-id.ts";
import type { WireKind } from "./kind.ts";

export const reaction = {
  ref: "react",
  isMessage: false,
  msg: (body) => body,
  body: reactionOf,
} as const satisfies WireKind;
export const reactionRemoval = {
  ref: "unreact",
  isMessage: false,
  msg: (body) => body,
  body: reactionOf,
} as const satisfies WireKind;

const emoji = string({ min: 1, max: 32 });

/** Adds or (`on: false`) removes this person's emoji on a message of anybody; `seq` is its position on this machine. */
export const react = accountScoped("chatRoom/react", { conversation: conversationField, seq, emoji, on: boolean }, {});

export const fromPage = {
  react: object({ kind: oneOf("react"), token, seq, emoji, on: boolean }),
};
