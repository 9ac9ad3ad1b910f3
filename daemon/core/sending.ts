// Checks whether something may be sent, and puts it into the outbox [P-5.4].

import {
  conversationWith,
  everyone,
  isKnownConversation,
  match,
} from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";
import { checkName } from "../../protocol/names.ts";
import { encodedTextBytes } from "../../protocol/wire/frame.ts";
import { enqueue, maxOutboxEntries, outboxSize } from "./outbox.ts";
import type { OutboxEntry } from "./outbox.ts";
import type { ActiveAccount, ContactState } from "./state.ts";
import type { StepBuilder } from "./step-builder.ts";

const stillReading = "Your messages are still being read from the disk. Try again in a moment.";

/** Puts an own event into the outbox; it is on disk before it is sent. */
export function enqueueForSending(step: StepBuilder, conversation: ConversationId, { mid, seq }: OutboxEntry): void {
  step.write({ kind: "outbox", conversation, mid, present: true });
  const entry = { mid, ...(seq === undefined ? {} : { seq }) };
  step.outbox = enqueue(step.outbox, conversation, entry, step.context.nowMs);
  step.dispatchReady();
}

/** Checks whether that text may go to that conversation, and returns the account that sends it. */
export function checkSendable(
  step: StepBuilder,
  conversation: ConversationId,
  text: string,
): Failure | { readonly contact: ContactState; readonly me: ActiveAccount } {
  const { me } = step;
  if (step.session.state === "connecting" && step.session.opening === true) return failure("busy", stillReading);
  if (!me || step.session.state === "signedOut") return failure("not_authenticated", "Sign in first.");
  if (text.trim() === "") return failure("bad_request", "The message is empty.");
  if (encodedTextBytes(text) > limits.maxMessageBytes) {
    return failure("too_large", "The message is longer than 60 KiB. Send it in smaller parts.");
  }
  if (outboxSize(step.outbox) >= maxOutboxEntries) {
    return failure("busy", "Too many messages wait for the server already. Try again when it can be reached.");
  }
  const known = step.contact(conversation);
  if (known) return { contact: known, me };
  if (!isKnownConversation(conversation)) return failure("bad_request", "There is no such conversation.");
  return match<ReturnType<typeof checkSendable>>(conversation, {
    everyone: () => ({ contact: step.contactOrNew(everyone, ""), me }),
    person: (key) => {
      const checked = checkName(key);
      if (!checked.ok) return failure("bad_name", checked.reason);
      return { contact: step.contactOrNew(conversationWith(checked.key), checked.name), me };
    },
  });
}
