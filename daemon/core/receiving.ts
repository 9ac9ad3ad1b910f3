// Events of others. Each is stored once [P-5.4], and acknowledged only after it is stored [P-5.1]. An edit or a deletion is
// valid only from the author of its message, in the same conversation [P-4.15].

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
  // Without an open account there is nowhere to store it: it is not acknowledged, so the server keeps it.
  if (!step.me) return;
  step.effect({ kind: "acknowledge", receipt });
  if (step.events.isKnown(message.from, message.mid)) return;
  const event = eventOf(message, step.context.nowMs);
  if (isChange(event.kind)) receiveChange(step, { ...event, kind: event.kind }, message.via);
  else receiveMessage(step, event, message);
}

/** Converts a push into an event. @returns the event with its `msg` as body */
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
    // Its text is shown as a message of its own, as in a client that does not know edits.
    if (ifForbidden === "show") receiveMessage(step, { ...event, kind: "text" }, { via });
    else step.addEvent(stored);
  } else if (ifUnknown === "wait") step.addEvent({ ...stored, state: "pending" });
  else standIn(step, event, stored, via);
}

/** Stores an edit with the place and the id of its unknown target, so that later changes of that message find it. */
function standIn(step: StepBuilder, event: ConversationEvent, stored: ConversationEvent, via: Pin | undefined): void {
  const { from, target = "" } = event;
  // Nothing else may be stored under a known id; an edit that names itself would be stored twice under its own.
  if (step.events.isKnown(from, target) || target === event.mid) {
    receiveMessage(step, { ...event, kind: "text" }, { via });
    return;
  }
  step.addEvent(stored);
  receiveMessage(step, { ...event, kind: "text", mid: target }, { via, edited: true });
}

/** Whether the change is allowed: a message that came directly can be changed only by the same device, not by the server. */
function mayChange({ via: origin }: ChatMessage, via: Pin | undefined): boolean {
  return origin === undefined || origin === via;
}
