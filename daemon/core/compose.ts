// What this person writes: into the outbox on disk first, then to the server, one at a time for each recipient, until
// there is an answer that ends it [P-5.4, P-5.6].

import { errorTable, failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { noSeq } from "./acts.ts";
import { actAnswered } from "./change.ts";
import type { Draft } from "./step-builder.ts";
import type { Command, Occurrence } from "./inputs.ts";
import { inFlightEntry, postpone, sendAgain, settle } from "./outbox.ts";
import { putOut, readyToSend } from "./ready.ts";
import { readThrough } from "./receive.ts";
import { quoteOf } from "./contact-views.ts";

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
  const { me, contact } = recipient;
  const { answers } = command;
  const answered = answers === undefined ? undefined : draft.messages.at(contact.conversation, answers);
  if (answers !== undefined && (!answered || answered.deleted === true)) {
    draft.outcome = failure("bad_request", "The message that this one would answer is gone.");
    return;
  }
  const message: ChatMessage = {
    conversation: contact.conversation,
    seq: contact.lastSeq + 1,
    mid: command.mid,
    from: me.account.user,
    own: true,
    text: command.text,
    sentAtMs: draft.around.nowMs,
    state: "sending",
    ...(answered && { quote: quoteOf(answered.mid, answered) }),
  };
  const answering = draft.arrived(contact, message);
  draft.store(answering);
  draft.addMessage(message);
  readThrough(draft, answering, message.seq);
  putOut(draft, contact.conversation, message);
  draft.outcome = { ok: true, message };
}

export function retry(draft: Draft, command: Extract<Command, { kind: "retry" }>): void {
  const message = draft.around.facts.ownMessage(command.conversation, command.mid);
  if (message?.state !== "failed" || message.deleted === true) {
    draft.outcome = failure("bad_request", "There is no failed message of that id in this conversation.");
    return;
  }
  const recipient = readyToSend(draft, message.conversation, message.text);
  if ("code" in recipient) {
    draft.outcome = recipient;
    return;
  }
  const again: ChatMessage = { ...message, state: "sending" };
  delete again.failure;
  draft.changeMessage(again);
  putOut(draft, message.conversation, message);
}

/** The answer to a message, of the server or of the other daemon. */
export function answered(draft: Draft, input: Extract<Occurrence, { kind: "answered" }>): void {
  const { conversation, mid, outcome } = input;
  const flying = inFlightEntry(draft.outbox, conversation, mid);
  if (!flying) return;
  const { entry } = flying;
  if (!outcome.ok && errorTable[outcome.code].retryable) {
    draft.outbox = postpone(draft.outbox, conversation, draft.around.monotonicMs, draft.around.random);
    draft.pump();
    return;
  }
  draft.outbox = settle(draft.outbox, conversation);
  if (!flying.again) draft.write({ kind: "outbox", conversation, seq: entry.seq, mid, present: false });
  // What the server has queued stays so when the direct way fails.
  if (outcome.ok || !flying.again) settleEntry(draft, input, entry.seq);
  // Its mailbox may come later than what goes directly from now on.
  const overtaken = outcome.ok && outcome.delivery === "queued" && draft.links.has(conversation);
  if (overtaken) draft.outbox = sendAgain(draft.outbox, conversation, [entry]);
  draft.pump();
}

function settleEntry(draft: Draft, input: Extract<Occurrence, { kind: "answered" }>, seq: number): void {
  const message = seq === noSeq ? undefined : draft.messages.at(input.conversation, seq);
  if (message) draft.changeMessage(settled(message, input.outcome));
  else actAnswered(draft, input);
}

function settled(message: ChatMessage, outcome: Extract<Occurrence, { kind: "answered" }>["outcome"]): ChatMessage {
  // Who has it has it: `read` or the outcome overtook the answer, or what is refused is a second copy.
  if (message.state === "read" || message.state === "delivered") return message;
  if (!outcome.ok) {
    return { ...message, state: "failed", failure: { code: outcome.code, reason: outcome.reason } };
  }
  return { ...message, state: outcome.delivery, ...(outcome.via === undefined ? {} : { via: outcome.via }) };
}
