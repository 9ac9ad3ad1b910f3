// Deletes a message of the same author; its place stays [P-4.15].

import type { ParamsOf } from "../../../protocol/api/declare.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { deletedText } from "../../../protocol/conversations/kinds/deletion.ts";
import type { deleteMessage as declared } from "../../../protocol/conversations/kinds/deletion.ts";
import { checkSendable } from "../sending.ts";
import type { StepBuilder } from "../step-builder.ts";
import { changeText, ownMessage, ownTarget, sendChange } from "./change.ts";
import type { ChangeRules } from "./change.ts";

export interface DeletionCommand {
  readonly kind: "deletion";
  readonly conversation: ConversationId;
  /** The id of the message. */
  readonly target: string;
  /** The id of the deletion itself. */
  readonly mid: string;
}

export const requests = {
  deleteMessage: ({ mid: target, ...params }: ParamsOf<typeof declared>, mid: string): DeletionCommand => ({
    ...{ kind: "deletion", ...params, target, mid },
  }),
};

export function deletion(step: StepBuilder, command: DeletionCommand): void {
  const message = ownMessage(step, command);
  if ("code" in message) {
    step.refuse(message);
    return;
  }
  if (message.deleted === true) return;
  const sendable = checkSendable(step, command.conversation, deletedText);
  if ("code" in sendable) {
    step.refuse(sendable);
    return;
  }
  changeText(step, withoutText(message));
  if (message.state !== "failed") sendChange(step, "deletion", message, command.mid, "");
}

export const deletionRules: ChangeRules = {
  target: ownTarget,
  keepsBody: false,
  needsSameDevice: true,
  ifForbidden: "ignore",
  ifUnknown: "wait",
  apply: (step, message) => {
    if (message.deleted !== true) changeText(step, withoutText(message));
  },
  refusal: (to, why) =>
    `Your deletion of a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`,
};

function withoutText(message: ChatMessage): ChatMessage {
  const bare: ChatMessage = { ...message, text: "", deleted: true };
  delete bare.reactions;
  return bare;
}
