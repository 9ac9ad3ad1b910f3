// What this person writes: into the outbox on disk first, then to the server, one at a time for each recipient, until
// there is an answer that ends it [P-5.4, P-5.6].

import { errorTable, failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { encodedTextBytes } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { checkName } from "../../protocol/names.ts";
import type { ChatMessage, ConversationId } from "../../protocol/editor/model.ts";
import type { Draft } from "./draft.ts";
import type { Command, Occurrence } from "./inputs.ts";
import { enqueue, inFlightEntry, maxOutboxEntries, outboxSize, postpone, sendAgain, settle } from "./outbox.ts";
import { everyone, keyInConversation } from "./state.ts";
import type { ContactState, Me } from "./state.ts";
import { withNewest } from "./views.ts";

export function send(draft: Draft, command: Extract<Command, { kind: "send" }>): void {
  const known = draft.around.facts.ownMessage(command.conversation, command.mid);
  if (known) {
    draft.outcome = { ok: true, message: known };
    return;
  }
  const recipient = readyToSend(draft, command.conversation, command.text);
  if ("code" in recipient) {
    draft.outcome = recipient;
    return;
  }
  const { contact, me } = recipient;
  const message: ChatMessage = {
    conversation: contact.conversation,
    seq: contact.lastSeq + 1,
    mid: command.mid,
    from: me.account.user,
    own: true,
    text: command.text,
    sentAtMs: draft.around.nowMs,
    state: "sending",
  };
  draft.store(withNewest(contact, message));
  draft.addMessage(message);
  putOut(draft, message);
  draft.outcome = { ok: true, message };
}

export function retry(draft: Draft, command: Extract<Command, { kind: "retry" }>): void {
  const message = draft.around.facts.ownMessage(command.conversation, command.mid);
  if (message?.state !== "failed") {
    draft.outcome = failure("bad_request", "There is no failed message of that id in this conversation.");
    return;
  }
  const recipient = readyToSend(draft, message.conversation, message.text);
  if ("code" in recipient) {
    draft.outcome = recipient;
    return;
  }
  const { conversation, seq, mid, from, own, text, sentAtMs } = message;
  const again: ChatMessage = { conversation, seq, mid, from, own, text, sentAtMs, state: "sending" };
  draft.changeMessage(again);
  putOut(draft, again);
}

/** The answer to a message, of the server or of the other daemon. */
export function answered(draft: Draft, input: Extract<Occurrence, { kind: "answered" }>): void {
  const { conversation, mid, outcome } = input;
  const flying = inFlightEntry(draft.outbox, conversation, mid);
  if (!flying) return;
  const { entry } = flying;
  if (!outcome.ok && !isFinal(outcome)) {
    draft.outbox = postpone(draft.outbox, conversation, draft.around.monotonicMs, draft.around.random);
    return;
  }
  draft.outbox = settle(draft.outbox, conversation);
  if (!flying.again) draft.write({ kind: "outbox", conversation, seq: entry.seq, mid, present: false });
  const message = draft.message(conversation, entry.seq);
  // One that the server has queued stays so when the direct way fails.
  if (message && (outcome.ok || !flying.again)) draft.changeMessage(settled(message, outcome));
  // Its mailbox may come later than what goes directly from now on.
  const overtaken = outcome.ok && outcome.delivery === "queued" && draft.links.has(conversation);
  if (overtaken) draft.outbox = sendAgain(draft.outbox, conversation, [entry]);
  draft.pump();
}

function settled(message: ChatMessage, outcome: Extract<Occurrence, { kind: "answered" }>["outcome"]): ChatMessage {
  if (!outcome.ok) {
    return { ...message, state: "failed", failure: { code: outcome.code, reason: outcome.reason } };
  }
  // The recipient's `read` may have overtaken the server's answer.
  return message.state === "read" ? message : { ...message, state: outcome.delivery };
}

/** A session that ended is not the message's fault: it goes again after the next sign-in. */
function isFinal(refused: Failure): boolean {
  return !errorTable[refused.code].retryable && refused.code !== "not_authenticated";
}

function putOut(draft: Draft, message: ChatMessage): void {
  const { conversation, seq, mid } = message;
  draft.write({ kind: "outbox", conversation, seq, mid, present: true });
  draft.outbox = enqueue(draft.outbox, conversation, { seq, mid });
  draft.pump();
}

/** Whether that text may go to that conversation, and as whom. */
function readyToSend(
  draft: Draft,
  conversation: ConversationId,
  text: string,
): Failure | { readonly contact: ContactState; readonly me: Me } {
  const { me } = draft;
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
