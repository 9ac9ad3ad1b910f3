// By which way messages go to a person: the direct links that stand, and what views show of them.

import type { Draft } from "./step-builder.ts";
import type { Occurrence } from "./inputs.ts";
import { sendAgain, wayChanged } from "./outbox.ts";
import { tellRead } from "./receive.ts";

/** A direct link to that person came or went. In flight is only what went by a way that still stands. */
export function direct(draft: Draft, { conversation, link }: Extract<Occurrence, { kind: "direct" }>): void {
  if (!draft.me) return;
  const links = new Map(draft.links);
  if (link === undefined) links.delete(conversation);
  else links.set(conversation, link);
  draft.links = links;
  draft.outbox = wayChanged(draft.outbox, conversation, link);
  if (link !== undefined) {
    draft.outbox = sendAgain(draft.outbox, conversation, draft.around.facts.queuedAtServer(conversation));
    const contact = draft.contact(conversation);
    if (contact) tellRead(draft, contact);
  }
  draft.pump();
}

export function showRoute(draft: Draft, { conversation, route }: Extract<Occurrence, { kind: "route" }>): void {
  const contact = draft.contact(conversation);
  if (contact && contact.route !== route) draft.put({ ...contact, route });
}

export function showKey(draft: Draft, { conversation, key }: Extract<Occurrence, { kind: "key" }>): void {
  const contact = draft.contact(conversation);
  if (contact && contact.key !== key) draft.put({ ...contact, key });
}
