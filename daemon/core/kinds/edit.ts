// Edits a message of the same author. The edit applies here at once, and goes to the others through the outbox [P-4.15].

import type { ParamsOf } from "../../../protocol/api/declare.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import { failure } from "../../../protocol/errors.ts";
import { checkSendable } from "../sending.ts";
import type { StepBuilder } from "../step-builder.ts";
import { changeText, ownMessage, ownTarget, sendChange } from "./change.ts";
import type { ChangeRules } from "./change.ts";

export interface EditCommand {
  readonly kind: "edit";
  readonly conversation: ConversationId;
  /** The id of the message. */
  readonly target: string;
  readonly text: string;
  /** The id of the edit itself. */
  readonly mid: string;
}

export const requests = {
  editMessage: ({ mid: target, ...params }: ParamsOf<typeof editMessage>, mid: string): EditCommand => ({
    ...{ kind: "edit", ...params, target, mid },
  }),
};

export function edit(step: StepBuilder, command: EditCommand): void {
  const { conversation, text } = command;
  const message = ownMessage(step, command);
  if ("code" in message) {
    step.refuse(message);
    return;
  }
  if (message.deleted === true) {
    step.refuse(failure("bad_request", "That message was deleted. Write a new one."));
    return;
  }
  if (text.trim() === "") {
    step.refuse(failure("bad_request", "The message would be empty. Delete it instead."));
    return;
  }
  if (text === message.text) return;
  const sendable = checkSendable(step, conversation, text);
  if ("code" in sendable) {
    step.refuse(sendable);
    return;
  }
  // Nobody else has a message that was refused: Retry sends it with its current text.
  const isUnseen = message.state === "failed";
  changeText(step, { ...message, text, ...(isUnseen ? {} : { edited: true }) });
  if (!isUnseen) sendChange(step, "edit", message, command.mid, "");
}

export const editRules: ChangeRules = {
  target: ownTarget,
  keepsBody: false,
  needsSameDevice: true,
  ifForbidden: "show",
  ifUnknown: "standIn",
  apply: (step, message, _, text) => {
    if (message.deleted !== true) changeText(step, { ...message, text, edited: true });
  },
  refusal: (to, why) => `Your edit of a message to ${to === undefined ? "everyone" : to} did not get through: ${why}`,
};
