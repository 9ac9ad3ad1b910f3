// The sentences of refusals that are written down here, word for word, so that a view may translate them: those of the
// error table, those about names, those about mail that nobody fetched, and that of another account's turn. What a server or daemon words by itself is none of
// them and is shown as it came.

import { othersTurn } from "./editor/declare.ts";
import { errorTable } from "./errors.ts";
import { nameComplaints } from "./names.ts";

/** What became of a queued message that nobody will get [P-5.7]. */
export const lossReasons = {
  expired: "Nobody fetched it in 30 days, so the server dropped it. Retry to send it again.",
  removed: "It was never fetched: the account it was for is gone.",
} as const;

/** Whoever was asked for their word said nothing in time [P-6.3]. */
export const unanswered = "That user did not answer.";

export const sentences: ReadonlySet<string> = new Set([
  ...Object.values(errorTable).map((row) => row.reason),
  ...Object.values(nameComplaints),
  ...Object.values(lossReasons),
  othersTurn.reason,
  unanswered,
]);
