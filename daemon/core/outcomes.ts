// What became of own messages that the server had queued [P-5.7]: said at once, or at a later sign-in, and stored before it
// is acknowledged. What the recipient is known to have stays so, whatever is said of it later.

import { failure } from "../../protocol/errors.ts";
import type { DeliveryOutcome } from "../../protocol/wire/messages.ts";
import { lossReasons } from "../../protocol/text/sentences.ts";
import { actAnswered } from "./change.ts";
import type { StepBuilder } from "./step-builder.ts";
import type { CoreEvent } from "./inputs.ts";
import { conversationWith } from "../../protocol/conversations/conversation-id.ts";

/** Nobody will get it: why, as for a refusal. */
const losses = {
  expired: failure("offline", lossReasons.expired),
  removed: failure("no_such_user", lossReasons.removed),
} as const satisfies Record<Exclude<DeliveryOutcome, "delivered">, unknown>;

export function outcomeCame(step: StepBuilder, input: Extract<CoreEvent, { kind: "outcome" }>): void {
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!step.me) return;
  const { mid, state, receipt } = input;
  step.effect({ kind: "acknowledge", receipt });
  const conversation = conversationWith(input.to);
  const known = step.context.history.ownMessage(conversation, mid);
  const message = known && (step.messages.at(conversation, known.seq) ?? known);
  if (!message) {
    actOutcome(step, input);
    return;
  }
  if (state === "delivered") {
    // Also while it is sent again, because the answer was lost.
    const isOpen = message.state === "queued" || message.state === "sending";
    if (isOpen) step.changeMessage({ ...message, state: "delivered" });
    return;
  }
  if (message.state !== "queued") return;
  const { code, reason } = losses[state];
  step.changeMessage({ ...message, state: "failed", failure: { code, reason } });
}

function actOutcome(step: StepBuilder, { to, mid, state }: Extract<CoreEvent, { kind: "outcome" }>): void {
  if (step.context.history.ownAct(mid)?.state !== "queued") return;
  const outcome = state === "delivered" ? ({ ok: true, delivery: "delivered" } as const) : losses[state];
  actAnswered(step, { kind: "answered", conversation: conversationWith(to), mid, outcome });
}
