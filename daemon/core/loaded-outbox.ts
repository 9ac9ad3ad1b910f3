// The outbox of a history that was just opened, with the time at which the newest of it was written.

import type { HistoryQueries, LoadedHistory } from "./ports.ts";
import { emptyOutbox, enqueue } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";

/** So many of the last ones are asked when they were written: what was put back by Retry is older than it stands. */
const maxAsked = 100;

export function loadedOutbox({ outbox: entries }: LoadedHistory, facts: HistoryQueries): Outbox {
  let outbox = emptyOutbox;
  for (const [at, { conversation, seq, mid }] of entries.entries()) {
    const isAsked = at >= entries.length - maxAsked;
    const written = isAsked ? (facts.message(conversation, seq) ?? facts.ownAct(mid)) : undefined;
    outbox = enqueue(outbox, conversation, { seq, mid }, written?.sentAtMs ?? 0);
  }
  return outbox;
}
