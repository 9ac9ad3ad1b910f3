// Sentences that more than one program says.

/** Why a queued message was lost [P-5.7]. */
export const lossReasons = {
  expired: "Nobody fetched it in 30 days, so the server dropped it. Retry to send it again.",
  removed: "It was never fetched: the account it was for is gone.",
} as const;

/** The person who was asked for consent did not answer in time [P-6.3]. */
export const unanswered = "That user did not answer.";
