// Decides which of two versions serves. Builds are numbers in a total order, so both ends reach the same result. A process
// is replaced only by a newer one, only if nobody would notice (nothing is in progress, and all its users are newer and
// reconnect automatically), and not over and over (the breaker).

/** The protocol versions that a program speaks after the handshake. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

export interface Running {
  /** What it is called in a sentence. Default "The daemon". */
  readonly subject?: string | undefined;
  readonly build: number;
  readonly protocol: ProtocolRange;
  /** Something is in progress that would be cut off. */
  readonly busy: boolean;
  /** Its current users. */
  readonly attached: readonly Caller[];
  /** Whether the breaker lets it make room now. */
  readonly mayRetire: boolean;
}

export interface Caller {
  readonly build: number;
  readonly protocol: ProtocolRange;
  /** The caller can start a new process once this one has made room. */
  readonly canStart: boolean;
}

export type Verdict =
  | { readonly kind: "attach"; readonly protocol: number }
  | { readonly kind: "retire" }
  | { readonly kind: "refuse"; readonly reason: string };

/**
 * Whether it makes room for a newer one now. Its users lose it for a moment, and one of them, or the new caller, starts the
 * successor. So all of them have to be newer, and one has to be able to start it.
 */
export function makesRoom(running: Running, users: readonly Caller[] = running.attached): boolean {
  const allNewer = users.every(({ build }) => build > running.build);
  return allNewer && users.some(({ canStart }) => canStart) && !running.busy && running.mayRetire;
}

/** How many of its users would not understand a newer one, or are not known to. */
export function countOlder({ build, attached }: Pick<Running, "build" | "attached">): number {
  return attached.filter((each) => each.build <= build).length;
}

/** An older and idle process makes room. Otherwise the caller is attached, whichever is newer, if they share a version. */
export function decide(running: Running, caller: Caller): Verdict {
  const newer = caller.build > running.build;
  if (caller.canStart && makesRoom(running, [...running.attached, caller])) return { kind: "retire" };
  const common = Math.min(running.protocol.max, caller.protocol.max);
  if (common >= Math.max(running.protocol.min, caller.protocol.min)) return { kind: "attach", protocol: common };
  const { subject = "The daemon" } = running;
  return {
    kind: "refuse",
    reason: newer
      ? `${subject} (process ${process.pid}) is of an older version (build ${running.build}) that does not understand this ` +
        `one (build ${caller.build}). Close the other windows and programs that use it, or end that process.`
      : `${subject} is of a newer version (build ${running.build}) that does not understand this one ` +
        `(build ${caller.build}) any more. Update this program, or reload the window.`,
  };
}

const breakerWindowMs = 60_000;
const maxRetirements = 3;

/** The recorded retirements that still count. A clock that was set back does not block forever. */
export function recentRetirements(atMs: readonly number[], nowMs: number): readonly number[] {
  return atMs.filter((at) => at <= nowMs && nowMs - at < breakerWindowMs);
}

/** At most three per minute: whatever makes two programs replace each other, it ends. */
export function mayRetire(atMs: readonly number[], nowMs: number): boolean {
  return recentRetirements(atMs, nowMs).length < maxRetirements;
}
