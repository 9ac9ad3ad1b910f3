// What became of own messages that the server had queued [P-5.7]: said at once, or at a later sign-in, and stored before it
// is acknowledged. What the recipient is known to have stays so, whatever is said of it later.

import { failure } from "../../protocol/errors.ts";
import type { DeliveryOutcome } from "../../protocol/wire/messages.ts";
import { lossReasons } from "../../protocol/text/sentences.ts";
import { actAnswered } from "./change.ts";
import type { Draft } from "./step-builder.ts";
import type { Occurrence } from "./inputs.ts";
import { conversationWith } from "./state.ts";

/** Nobody will get it: why, as for a refusal. */
const losses = {
  expired: failure("offline", lossReasons.expired),
  removed: failure("no_such_user", lossReasons.removed),
} as const satisfies Record<Exclude<DeliveryOutcome, "delivered">, unknown>;

export function outcomeCame(draft: Draft, input: Extract<Occurrence, { kind: "outcome" }>): void {
  // Without an open account there is nowhere to store it: not acknowledged, so the server keeps it.
  if (!draft.me) return;
  const { mid, state, receipt } = input;
  draft.effect({ kind: "acknowledge", receipt });
  const conversation = conversationWith(input.to);
  const known = draft.around.facts.ownMessage(conversation, mid);
  const message = known && (draft.messages.at(conversation, known.seq) ?? known);
  if (!message) {
    actOutcome(draft, input);
    return;
  }
  if (state === "delivered") {
    // Also while it is sent again, because the answer was lost.
    const isOpen = message.state === "queued" || message.state === "sending";
    if (isOpen) draft.changeMessage({ ...message, state: "delivered" });
    return;
  }
  if (message.state !== "queued") return;
  const { code, reason } = losses[state];
  draft.changeMessage({ ...message, state: "failed", failure: { code, reason } });
}

function actOutcome(draft: Draft, { to, mid, state }: Extract<Occurrence, { kind: "outcome" }>): void {
  if (draft.around.facts.ownAct(mid)?.state !== "queued") return;
  const outcome = state === "delivered" ? ({ ok: true, delivery: "delivered" } as const) : losses[state];
  actAnswered(draft, { kind: "answered", conversation: conversationWith(to), mid, outcome });
}
