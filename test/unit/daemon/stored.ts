// Data that tests put into a history.

import type { Write } from "../../../daemon/core/effects.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";

export function contact(conversation: ConversationId, added: Partial<Extract<Write, { kind: "contact" }>> = {}): Write {
  const name = conversation.replace("user:", "");
  return {
    kind: "contact",
    conversation,
    name,
    blocked: false,
    muted: false,
    ...{ readSeq: 0, readMarkSentSeq: 0 },
    ...added,
  };
}

export function received(seq: number, added: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ conversation: "user:bob", seq, mid: `b${seq}`, from: "Bob", own: false, text: `text ${seq}` },
    ...{ sentAtMs: seq * 1_000, state: "received", ...added },
  };
}
