// A way by which pushes reach one session: its open link, or connections to the port that it named (callback-channel.ts).
// Delivery, presence and consents use either, without knowing which.

/**
 * Above this many unsent bytes, a client is sent nothing that can wait. Lower than the bound that makes its mailbox wait.
 */
const congestedBytes = 64 * 1_024;

export function isCongested({ unsentBytes }: Pick<PushChannel, "unsentBytes">): boolean {
  return unsentBytes > congestedBytes;
}

export interface PushChannel {
  /** The client acknowledges `message` pushes [P-5.1]. */
  readonly acks: boolean;
  /** A refusal that comes back is the client's own, not that of some other program at its port. */
  readonly final: boolean;
  /** How many pushes were sent on it; 0 if each has a connection of its own. */
  readonly pushes: number;
  /** Bytes that the client has not taken yet. */
  readonly unsentBytes: number;
  /** Sends a message. @returns the mark that `flushed` reaches when the line has left */
  carry(id: number, line: string): number;
  /** Sends a question to a person, whose answer may take 30 s [P-6.3]. */
  question(id: number, line: string): void;
  /** Nobody waits for the answer to that question any more. */
  withdraw(id: number): void;
  /** Sends anything else. @param count of the lines, if there are several */
  push(line: string, count?: number): void;
  /** Drops what has not left yet, except questions. */
  reset(): void;
  /** Gives this channel up, because the client takes nothing. */
  abandon(): void;
}
