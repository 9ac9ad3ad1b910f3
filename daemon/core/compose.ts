// What this person writes: into the outbox on disk first, then to the server, one at a time for each recipient, until
// there is an answer that ends it [P-5.4, P-5.6].

import { errorTable, failure } from "../../protocol/errors.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import { noSeq } from "./acts.ts";
import { actAnswered } from "./change.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { Command, CoreEvent } from "./inputs.ts";
import { inFlightEntry, postpone, sendAgain, settle } from "./outbox.ts";
import { nameAnswered } from "./contacts.ts";
import { enqueueForSending, checkSendable } from "./ready.ts";
import { readThrough } from "./receive.ts";
import { quoteOf } from "./contact-views.ts";

export function send(step: StepBuilder, command: Extract<Command, { kind: "send" }>): void {
  const known = step.context.history.ownMessage(command.conversation, command.mid);
  if (known) {
    step.outcome = { ok: true, message: known };
    return;
  }
  const recipient = checkSendable(step, command.conversation, command.text);
  if ("code" in recipient) {
    step.outcome = recipient;
    return;
  }
  const { me, contact } = recipient;
  const { answers } = command;
  const answered = answers === undefined ? undefined : step.messages.at(contact.conversation, answers);
  if (answers !== undefined && (!answered || answered.deleted === true)) {
    step.outcome = failure("bad_request", "The message that this one would answer is gone.");
    return;
  }
  const message: ChatMessage = {
    conversation: contact.conversation,
    seq: contact.lastSeq + 1,
    mid: command.mid,
    from: me.account.user,
    own: true,
    text: command.text,
    sentAtMs: step.context.nowMs,
    state: "sending",
    ...(answered && { quote: quoteOf(answered.mid, answered) }),
  };
  const answering = step.arrived(contact, message);
  step.store(answering);
  step.addMessage(message);
  readThrough(step, answering, message.seq);
  enqueueForSending(step, contact.conversation, message);
  step.outcome = { ok: true, message };
}

export function retry(step: StepBuilder, command: Extract<Command, { kind: "retry" }>): void {
  const message = step.context.history.ownMessage(command.conversation, command.mid);
  if (message?.state !== "failed" || message.deleted === true) {
    step.outcome = failure("bad_request", "There is no failed message of that id in this conversation.");
    return;
  }
  const recipient = checkSendable(step, message.conversation, message.text);
  if ("code" in recipient) {
    step.outcome = recipient;
    return;
  }
  const again: ChatMessage = { ...message, state: "sending" };
  delete again.failure;
  step.changeMessage(again);
  enqueueForSending(step, message.conversation, message);
}

/** The answer to a message, of the server or of the other daemon. */
export function answered(step: StepBuilder, input: Extract<CoreEvent, { kind: "answered" }>): void {
  const { conversation, mid, outcome } = input;
  const flying = inFlightEntry(step.outbox, conversation, mid);
  if (!flying) return;
  const { entry } = flying;
  if (!outcome.ok && errorTable[outcome.code].retryable) {
    step.outbox = postpone(step.outbox, conversation, step.context.monotonicMs, step.context.random);
    step.dispatchReady();
    return;
  }
  step.outbox = settle(step.outbox, conversation);
  if (!flying.again) step.write({ kind: "outbox", conversation, seq: entry.seq, mid, present: false });
  // What the server has queued stays so when the direct way fails.
  if (outcome.ok || !flying.again) settleEntry(step, input, entry.seq);
  // Its mailbox may come later than what goes directly from now on.
  const overtaken = outcome.ok && outcome.delivery === "queued" && step.links.has(conversation);
  if (overtaken) step.outbox = sendAgain(step.outbox, conversation, [entry]);
  step.dispatchReady();
}

function settleEntry(step: StepBuilder, input: Extract<CoreEvent, { kind: "answered" }>, seq: number): void {
  const message = seq === noSeq ? undefined : step.messages.at(input.conversation, seq);
  if (!message) {
    actAnswered(step, input);
    return;
  }
  const now = settled(message, input.outcome);
  step.changeMessage(now);
  nameAnswered(step, now);
}

function settled(message: ChatMessage, outcome: Extract<CoreEvent, { kind: "answered" }>["outcome"]): ChatMessage {
  // Who has it has it: `read` or the outcome overtook the answer, or what is refused is a second copy.
  if (message.state === "read" || message.state === "delivered") return message;
  if (!outcome.ok) {
    return { ...message, state: "failed", failure: { code: outcome.code, reason: outcome.reason } };
  }
  return { ...message, state: outcome.delivery, ...(outcome.via === undefined ? {} : { via: outcome.via }) };
}
