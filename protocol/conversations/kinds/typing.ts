// Somebody is writing: ephemeral, not a conversation event. On the wire it is a signal [P-4.14].

import { accountScoped, notification } from "../../api/declare.ts";
import { token } from "../../page/page-fields.ts";
import { object, oneOf } from "../../validate.ts";
import { conversationField } from "../conversation-id.ts";

/** The person is writing there: at most one signal per 3 s is sent, and none if typing signals are switched off. */
export const typing = accountScoped("chatRoom/typing", { conversation: conversationField }, {});

/** Daemon to every view: that person is writing; valid for 6 s. */
export const personTyping = notification("chatRoom/personTyping", { conversation: conversationField });

export const toPage = {
  /** The other person is writing; valid for 6 s. */
  typing: object({ kind: oneOf("typing") }),
};

export const fromPage = {
  typing: object({ kind: oneOf("typing"), token }),
};
