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
 * Makes the conversation unread from the message at `from` on, also after a restart. Read marks that the other side already
 * has are not taken back.
 */
export const markUnread = accountScoped("chatRoom/markUnread", { conversation: conversationField, from: seq }, {});

export const toPage = {
  /** The person has marked everything from that message on as unread. */
  kept: object({ kind: oneOf("kept"), newFrom: seq }),
};

export const fromPage = {
  /** Everything up to and including that message is visible. */
  seen: object({ kind: oneOf("seen"), token, upTo: seq }),
  /** Marks everything from that message on as unread. */
  unread: object({ kind: oneOf("unread"), token, seq }),
};
