// What stands before everything that this person sends: whether it may go there at all, and the outbox.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { encodedTextBytes } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { checkName } from "../../protocol/names.ts";
import type { ConversationId } from "../../protocol/api/model.ts";
import type { Draft } from "./step-builder.ts";
import { enqueue, maxOutboxEntries, outboxSize } from "./outbox.ts";
import type { OutboxEntry } from "./outbox.ts";
import { everyone, keyInConversation } from "./state.ts";
import type { ContactState, Me } from "./state.ts";

const stillReading = "Your messages are still being read from the disk. Try again in a moment.";

/** On disk first, then on its way as soon as its turn comes. */
export function putOut(draft: Draft, conversation: ConversationId, { seq, mid }: OutboxEntry): void {
  draft.write({ kind: "outbox", conversation, seq, mid, present: true });
  draft.outbox = enqueue(draft.outbox, conversation, { seq, mid }, draft.around.nowMs);
  draft.pump();
}

/** Whether that text may go to that conversation, and as whom. */
export function readyToSend(
  draft: Draft,
  conversation: ConversationId,
  text: string,
): Failure | { readonly contact: ContactState; readonly me: Me } {
  const { me } = draft;
  if (draft.session.state === "connecting" && draft.session.opening === true) return failure("busy", stillReading);
  if (!me || draft.session.state === "signedOut") return failure("not_authenticated", "Sign in first.");
  if (text.trim() === "") return failure("bad_request", "The message is empty.");
  if (encodedTextBytes(text) > limits.maxMessageBytes) {
    return failure("too_large", "The message is longer than 60 KiB. Send it in smaller parts.");
  }
  if (outboxSize(draft.outbox) >= maxOutboxEntries) {
    return failure("busy", "Too many messages wait for the server already. Try again when it can be reached.");
  }
  const known = draft.contact(conversation);
  if (known) return { contact: known, me };
  const key = keyInConversation(conversation);
  if (conversation === everyone || key === undefined) {
    return conversation === everyone
      ? { contact: draft.contactOrNew(everyone, ""), me }
      : failure("bad_request", "There is no such conversation.");
  }
  const checked = checkName(key);
  if (!checked.ok) return failure("bad_name", checked.reason);
  return { contact: draft.contactOrNew(`user:${checked.key}`, checked.name), me };
}
