// Sentences that more than one program says.

/** Why a queued message was lost [P-5.7]. */
export const lossReasons = {
  expired: "Nobody fetched it in 30 days, so the server dropped it. Retry to send it again.",
  removed: "It was never fetched: the account it was for is gone.",
} as const;

/** The person who was asked for consent did not answer in time [P-6.3]. */
export const unanswered = "That user did not answer.";

/** A no of before still holds [P-6.12]. */
export const deniedBefore = "That user did not agree a short while ago, so they were not asked again. Wait a while.";
export const unansweredBefore = "That user did not answer just now, so they were not asked again. Wait half a minute.";

/** There is no place for one more question to that person [P-6.13]. */
export const crowded = "Too many people ask that user for a direct connection just now. Try again in half a minute.";
