// Up to where somebody has read: ephemeral, not a conversation event. On the wire it is a signal [P-4.14].

import { accountScoped } from "../../api/declare.ts";
import { seq, token } from "../../page/page-fields.ts";
import { integer, object, oneOf } from "../../validate.ts";
import { conversationField } from "../conversation-id.ts";

/** The person has seen everything up to and including `upTo`. */
export const markRead = accountScoped(
  "chatRoom/markRead",
  { conversation: conversationField, upTo: integer({ min: 0 }) },
  {},
);

/**
 * The conversation is unread from the message at `from` on, also after a restart. What the other side was told about reading
 * stays as it is.
 */
export const markUnread = accountScoped("chatRoom/markUnread", { conversation: conversationField, from: seq }, {});

export const toPage = {
  /** Everything from that message on is unread again, as the person wants it. */
  kept: object({ kind: oneOf("kept"), newFrom: seq }),
};

export const fromPage = {
  /** Everything up to and including that message is drawn in view. */
  seen: object({ kind: oneOf("seen"), token, upTo: seq }),
  /** Everything from that message on is to be unread. */
  unread: object({ kind: oneOf("unread"), token, seq }),
};
