// How messages reach a person: the open direct links, and what views show of them.

import type { StepBuilder } from "./step-builder.ts";
import type { CoreEvent } from "./inputs.ts";
import { sendAgain, wayChanged } from "./outbox.ts";
import { tellRead } from "./kinds/read-mark.ts";

/** A direct link to that person opened or closed. Only what was sent on a way that is still open stays in flight. */
export function direct(step: StepBuilder, { conversation, link }: Extract<CoreEvent, { kind: "direct" }>): void {
  if (!step.me) return;
  const links = new Map(step.links);
  if (link === undefined) links.delete(conversation);
  else links.set(conversation, link);
  step.links = links;
  step.outbox = wayChanged(step.outbox, conversation, link);
  if (link !== undefined) {
    step.outbox = sendAgain(step.outbox, conversation, step.context.history.queuedAtServer(conversation));
    const contact = step.contact(conversation);
    if (contact) tellRead(step, contact);
  }
  step.dispatchReady();
}

export function showRoute(step: StepBuilder, { conversation, route }: Extract<CoreEvent, { kind: "route" }>): void {
  const contact = step.contact(conversation);
  if (contact && contact.route !== route) step.put({ ...contact, route });
}

export function showKey(step: StepBuilder, { conversation, key }: Extract<CoreEvent, { kind: "key" }>): void {
  const contact = step.contact(conversation);
  if (contact && contact.key !== key) step.put({ ...contact, key });
}
