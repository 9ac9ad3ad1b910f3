// What others did to messages [P-4.15]. An edit or a deletion counts only from the author of the message, in the same
// conversation. What is about a message that is not known here: an answer or an edit is shown as a message, the rest waits
// for it without a word (in a room of everyone, the reaction of one may overtake the words of another).

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { reactionOf } from "../../protocol/text/emoji-key.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Pin } from "../../protocol/pin.ts";
import { actKinds, spelledOn, withReaction } from "./acts.ts";
import type { Act } from "./acts.ts";
import { amend, putReaction, withoutText } from "./change.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { IncomingMessage } from "./inputs.ts";
import { believedTime } from "./sent-at.ts";

/** @returns what is still to be shown as a message, undefined where the act was all */
export function receiveAct(
  step: StepBuilder,
  incoming: IncomingMessage,
  conversation: ConversationId,
): { readonly incoming: IncomingMessage; readonly edited: boolean } | undefined {
  const { from, mid, msg, ref, via } = incoming;
  const kind = actKinds.find((each) => each === ref?.kind);
  if (!kind || !ref) return { incoming, edited: false };
  const isReaction = kind === "react" || kind === "unreact";
  const emoji = isReaction ? reactionOf(msg) : "";
  const sentAtMs = believedTime(incoming.ts, step.context.nowMs);
  const act = { conversation, mid, from, kind, target: ref.mid, sentAtMs } as const;
  if (emoji === undefined || (kind === "edit" && msg.trim() === "")) {
    step.addAct({ ...act, emoji: "", state: "done" });
    return undefined;
  }
  const target = isReaction
    ? step.messages.named(conversation, ref.mid)
    : step.messages.of(conversation, keyOfName(from), ref.mid);
  if (target && !isReaction && !mayChange(target, via)) {
    // Its words are shown as a message of their own, as where nobody knows what they are about.
    if (kind === "edit") return { incoming, edited: false };
    step.addAct({ ...act, emoji, state: "done" });
    return undefined;
  }
  if (target) {
    step.addAct({ ...act, emoji, state: "done" });
    if (kind === "edit") changeText(step, target, msg);
    else apply(step, target, { ...act, emoji });
    return undefined;
  }
  if (kind !== "edit") {
    step.addAct({ ...act, emoji, state: "pending" });
    return undefined;
  }
  // It takes the place, and the id, of the message that it is about, so that what is done to that one later finds it.
  if (step.messages.isKnown(from, ref.mid)) return { incoming, edited: false };
  step.addAct({ ...act, emoji: "", state: "done" });
  return { incoming: { ...incoming, mid: ref.mid }, edited: true };
}

/** The message has come that others did something to already. */
export function applyPending(step: StepBuilder, { conversation, seq, mid, from: author }: ChatMessage): void {
  for (const act of step.messages.pendingActs(conversation, mid)) {
    const isMeant =
      act.kind === "delete"
        ? keyOfName(act.from) === keyOfName(author) && mayChange(step.messages.at(conversation, seq), undefined)
        : step.messages.named(conversation, mid)?.seq === seq;
    const message = step.messages.at(conversation, seq);
    if (!isMeant || !message) continue;
    step.write({ kind: "actState", from: act.from, mid: act.mid, state: "done" });
    apply(step, message, act);
  }
}

function apply(step: StepBuilder, message: ChatMessage, act: Pick<Act, "kind" | "from" | "emoji">): void {
  if (message.deleted === true) return;
  if (act.kind === "delete") {
    amend(step, withoutText(message));
    return;
  }
  const on = act.kind === "react";
  const emoji = spelledOn(message, act.emoji, act.from);
  const reacted = withReaction(message, emoji, act.from, on);
  if (!reacted || reacted === message) return;
  putReaction(step, reacted, emoji, act.from, on);
  if (message.own && keyOfName(act.from) !== step.me?.key) noteReaction(step, reacted, { emoji, from: act.from }, on);
}

/** The author hears of it in a quiet way: it is shown as the last that happened there, and counts as nothing unread. */
function noteReaction(
  step: StepBuilder,
  message: ChatMessage,
  reaction: { emoji: string; from: string },
  on: boolean,
): void {
  const contact = step.contact(message.conversation);
  if (!contact || contact.blocked) return;
  const { emoji, from } = reaction;
  const last = contact.lastReaction;
  if (on) {
    step.put({ ...contact, lastReaction: { seq: message.seq, emoji, from } });
    if (!contact.muted) step.tellOfReaction(message, reaction);
  } else if (last?.seq === message.seq && last.emoji === emoji && keyOfName(last.from) === keyOfName(from)) {
    step.put({ ...contact, lastReaction: undefined });
    step.forgetReaction(message.conversation);
  }
}

/** What came directly is changed directly, by the same device: the server cannot make it say something else, or nothing. */
function mayChange(target: ChatMessage | undefined, via: Pin | undefined): boolean {
  return target?.via === undefined || target.via === via;
}

function changeText(step: StepBuilder, message: ChatMessage, text: string): void {
  if (message.deleted !== true) amend(step, { ...message, text, edited: true });
}
