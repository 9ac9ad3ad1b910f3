// What became of own events: the answer to one that was sent, and what became of a queued one later.

import type { ChatMessage } from "../../protocol/api/model.ts";
import { conversationWith, isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { errorTable, failure } from "../../protocol/errors.ts";
import { lossReasons } from "../../protocol/text/sentences.ts";
import type { DeliveryOutcome } from "../../protocol/wire/messages.ts";
import { nameAnswered } from "./contacts.ts";
import type { CoreEvent } from "./inputs.ts";
import { changes, isChange } from "./kinds/changes.ts";
import { inFlightEntry, postpone, sendAgain, settle } from "./outbox.ts";
import type { OutboxEntry } from "./outbox.ts";
import type { OwnEvent } from "./ports.ts";
import type { StepBuilder } from "./step-builder.ts";

type Answer = Extract<CoreEvent, { kind: "answered" }>["outcome"];

/** The answer to an own event, of the server or of the other daemon [P-5.4, P-5.6]. */
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
  if (!flying.again) step.write({ kind: "outbox", conversation, mid, present: false });
  // What the server has queued stays so when the direct way fails.
  if (outcome.ok || !flying.again) settleEntry(step, conversation, entry, outcome);
  // Its mailbox may come later than what goes directly from now on.
  const isOvertaken = outcome.ok && outcome.delivery === "queued" && step.links.has(conversation);
  if (isOvertaken) step.outbox = sendAgain(step.outbox, conversation, [entry]);
  step.dispatchReady();
}

function settleEntry(step: StepBuilder, conversation: ConversationId, { mid, seq }: OutboxEntry, answer: Answer): void {
  const message = seq === undefined ? undefined : step.events.at(conversation, seq);
  if (message) {
    const now = settled(message, answer);
    step.changeMessage(now);
    nameAnswered(step, now);
    return;
  }
  const change = step.events.own(mid);
  if (change) settleChange(step, change, answer);
}

function settled(message: ChatMessage, answer: Answer): ChatMessage {
  // Who has it has it: `read` or the outcome overtook the answer, or what is refused is a second copy.
  if (message.state === "read" || message.state === "delivered") return message;
  if (!answer.ok) return { ...message, state: "failed", failure: { code: answer.code, reason: answer.reason } };
  return { ...message, state: answer.delivery, ...(answer.via === undefined ? {} : { via: answer.via }) };
}

/** A change that was refused is not the same on both sides: the person is told. */
function settleChange(step: StepBuilder, event: OwnEvent, answer: Answer): void {
  step.changeState(event, answer.ok ? answer.delivery : "failed");
  if (answer.ok || !isChange(event.kind)) return;
  const { refusal, undo } = changes[event.kind];
  const contact = isEveryone(event.conversation) ? undefined : step.contact(event.conversation);
  step.effect({ kind: "announce", text: refusal(contact?.name, answer.reason) });
  undo?.(step, event);
}

/** Nobody will get it: why, as for a refusal. */
const losses = {
  expired: failure("offline", lossReasons.expired),
  removed: failure("no_such_user", lossReasons.removed),
} as const satisfies Record<Exclude<DeliveryOutcome, "delivered">, unknown>;

/**
 * What became of an own event that the server had queued [P-5.7]: said at once, or at a later sign-in, and stored before it
 * is acknowledged. What the recipient is known to have stays so.
 */
export function outcomeCame(step: StepBuilder, input: Extract<CoreEvent, { kind: "outcome" }>): void {
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!step.me) return;
  const { mid, state, receipt } = input;
  step.effect({ kind: "acknowledge", receipt });
  const event = step.events.own(mid);
  if (event?.conversation !== conversationWith(input.to)) return;
  const answer = state === "delivered" ? ({ ok: true, delivery: "delivered" } as const) : losses[state];
  const message = event.seq === undefined ? undefined : step.events.at(event.conversation, event.seq);
  if (!message) {
    if (event.state === "queued") settleChange(step, event, answer);
    return;
  }
  // Delivered also counts while it is sent again because the answer was lost.
  const isOpen = message.state === "queued" || (message.state === "sending" && state === "delivered");
  if (isOpen) step.changeMessage(settled(message, answer));
}
