// A way by which pushes reach one session: its open link, or connections to the port that it named (callback-channel.ts).
// Delivery, presence and consents use either without knowing which.

/** Unsent bytes beyond which a client is told nothing that can wait: less than what keeps its mailbox waiting. */
const congestedBytes = 64 * 1_024;

export function isCongested({ unsentBytes }: Pick<PushChannel, "unsentBytes">): boolean {
  return unsentBytes > congestedBytes;
}

export interface PushChannel {
  /** The client acknowledges `message` pushes [P-5.1]. */
  readonly acks: boolean;
  /** A refusal that comes back is the client's own, not that of whoever listens at its port. */
  readonly final: boolean;
  /** How many pushes went out on it; 0 where each has a connection of its own. */
  readonly pushes: number;
  /** What the client has not taken yet. */
  readonly unsentBytes: number;
  /** For messages. @returns the mark of `flushed` at which the line has left */
  carry(id: number, line: string): number;
  /** A question to a person, whose answer may take 30 s [P-6.3]. */
  question(id: number, line: string): void;
  /** Nobody waits for the answer to that question any more. */
  withdraw(id: number): void;
  /** For everything else. @param count of the lines, if they are several */
  push(line: string, count?: number): void;
  /** Forget what has not left yet, except questions. */
  reset(): void;
  /** The client takes nothing: give this way up. */
  abandon(): void;
}
