// Events of others: each is stored once for ever [P-5.4], and answered only when it is [P-5.1]. An edit or a deletion counts
// only from the author of its message, in the same conversation [P-4.15].

import type { ChatMessage } from "../../protocol/api/model.ts";
import { conversationWith, everyone } from "../../protocol/conversations/conversation-id.ts";
import { eventKinds, kindOnWire } from "../../protocol/conversations/event.ts";
import type { ConversationEvent } from "../../protocol/conversations/event.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { CoreEvent, IncomingMessage } from "./inputs.ts";
import { changes, isChange } from "./kinds/changes.ts";
import type { ChangeKind } from "./kinds/changes.ts";
import { receiveMessage } from "./kinds/text.ts";
import { believedTime } from "./sent-at.ts";
import type { StepBuilder } from "./step-builder.ts";

export function receive(step: StepBuilder, { message, receipt }: Extract<CoreEvent, { kind: "message" }>): void {
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!step.me) return;
  step.effect({ kind: "acknowledge", receipt });
  if (step.events.isKnown(message.from, message.mid)) return;
  const event = eventOf(message, step.context.nowMs);
  if (isChange(event.kind)) receiveChange(step, { ...event, kind: event.kind }, message.via);
  else receiveMessage(step, event, message);
}

/** @returns the event with its `msg` as body */
function eventOf({ from, mid, msg, ts, broadcast, ref }: IncomingMessage, nowMs: number): ConversationEvent {
  return {
    conversation: broadcast === true ? everyone : conversationWith(from),
    ...{ mid, from, kind: kindOnWire(ref), body: msg, sentAtMs: believedTime(ts, nowMs), state: "received" },
    ...(ref && { target: ref.mid }),
  };
}

function receiveChange(step: StepBuilder, event: ConversationEvent & { kind: ChangeKind }, via: Pin | undefined): void {
  const { target: find, keepsBody, needsSameDevice, ifForbidden, ifUnknown, apply } = changes[event.kind];
  const body = eventKinds[event.kind].body(event.body);
  const stored = { ...event, body: keepsBody ? (body ?? "") : "" };
  if (body === undefined) {
    step.addEvent(stored);
    return;
  }
  const target = find(step, event);
  if (target && (!needsSameDevice || mayChange(target, via))) {
    step.addEvent(stored);
    apply(step, target, event, body);
  } else if (target) {
    // Its text is shown as a message of its own, as to a client that does not know edits.
    if (ifForbidden === "show") receiveMessage(step, { ...event, kind: "text" }, { via });
    else step.addEvent(stored);
  } else if (ifUnknown === "wait") step.addEvent({ ...stored, state: "pending" });
  else standIn(step, event, stored, via);
}

/** An edit takes the place and the id of the message that it is about, so that later changes of that one find it. */
function standIn(step: StepBuilder, event: ConversationEvent, stored: ConversationEvent, via: Pin | undefined): void {
  const { from, target = "" } = event;
  if (step.events.isKnown(from, target)) {
    receiveMessage(step, { ...event, kind: "text" }, { via });
    return;
  }
  step.addEvent(stored);
  receiveMessage(step, { ...event, kind: "text", mid: target }, { via, edited: true });
}

/** A message that came directly is changed by the same device only: the server cannot change or delete it. */
function mayChange({ via: origin }: ChatMessage, via: Pin | undefined): boolean {
  return origin === undefined || origin === via;
}
