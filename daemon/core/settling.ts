// Results of own events: the answer to one that was sent, and the later delivery outcome of a queued one.

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

/** The answer to an own event, from the server or from the other daemon [P-5.4, P-5.6]. */
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
  // An event that the server has queued stays queued if sending it directly fails.
  if (outcome.ok || !flying.again) settleEntry(step, conversation, entry, outcome);
  // The mailbox may arrive later than what is sent directly from now on.
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
  // Delivered stays delivered: `read` or the outcome came before the answer, or the refused event was a second copy.
  if (message.state === "read" || message.state === "delivered") return message;
  if (!answer.ok) return { ...message, state: "failed", failure: { code: answer.code, reason: answer.reason } };
  return { ...message, state: answer.delivery, ...(answer.via === undefined ? {} : { via: answer.via }) };
}

/** Handles the answer to a change. After a refusal the two sides differ, so the person is informed. */
function settleChange(step: StepBuilder, event: OwnEvent, answer: Answer): void {
  step.changeState(event, answer.ok ? answer.delivery : "failed");
  if (answer.ok || !isChange(event.kind)) return;
  const { refusal, undo } = changes[event.kind];
  const contact = isEveryone(event.conversation) ? undefined : step.contact(event.conversation);
  step.effect({ kind: "announce", text: refusal(contact?.name, answer.reason) });
  undo?.(step, event);
}

/** The recipient will not get it; the reasons are shown like those of a refusal. */
const losses = {
  expired: failure("offline", lossReasons.expired),
  removed: failure("no_such_user", lossReasons.removed),
} as const satisfies Record<Exclude<DeliveryOutcome, "delivered">, unknown>;

/**
 * The delivery outcome of an own event that the server had queued [P-5.7]. It arrives at once or at a later sign-in, and is
 * stored before it is acknowledged. An event that is known to have been delivered stays delivered.
 */
export function outcomeCame(step: StepBuilder, input: Extract<CoreEvent, { kind: "outcome" }>): void {
  // Without an open account there is nowhere to store it: it is not acknowledged, so the server keeps it.
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
  // A delivery also counts while the event is being sent again because the answer was lost.
  const isOpen = message.state === "queued" || (message.state === "sending" && state === "delivered");
  if (isOpen) step.changeMessage(settled(message, answer));
}
