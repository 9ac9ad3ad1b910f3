// Which of two versions serves. Builds are numbers in a total order, so both ends come to the same answer; a process is
// replaced only by a newer one, only when nobody would notice (nothing is under way, and all who use it are newer and come
// back by themselves), and not over and over (the breaker).

/** The versions of the protocol behind the handshake that a program speaks. */
export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

export interface Running {
  /** What it is called in a sentence. Default "The daemon". */
  readonly subject?: string | undefined;
  readonly build: number;
  readonly protocol: ProtocolRange;
  /** Something is under way that would be cut off. */
  readonly busy: boolean;
  /** Who uses it now. */
  readonly attached: readonly Caller[];
  /** The breaker's word: it may make room now. */
  readonly mayRetire: boolean;
}

export interface Caller {
  readonly build: number;
  readonly protocol: ProtocolRange;
  /** The caller can start a new process after this one made room. */
  readonly canStart: boolean;
}

export type Verdict =
  | { readonly kind: "attach"; readonly protocol: number }
  | { readonly kind: "retire" }
  | { readonly kind: "refuse"; readonly reason: string };

/**
 * Whether it makes room for a newer one now. Those who use it lose it for a moment, and one of them, or who asks, starts
 * the successor: so all of them have to be newer, and one able to.
 */
export function makesRoom(running: Running, users: readonly Caller[] = running.attached): boolean {
  const allNewer = users.every(({ build }) => build > running.build);
  return allNewer && users.some(({ canStart }) => canStart) && !running.busy && running.mayRetire;
}

/** How many of those who use it would not understand a newer one, or are not known to. */
export function countOlder({ build, attached }: Pick<Running, "build" | "attached">): number {
  return attached.filter((each) => each.build <= build).length;
}

/** Older and idle: makes room. Otherwise the caller is attached, whichever is newer, if they speak a common version. */
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

/** Retirements that still count, of those that were recorded. A clock that went back does not block for ever. */
export function recentRetirements(atMs: readonly number[], nowMs: number): readonly number[] {
  return atMs.filter((at) => at <= nowMs && nowMs - at < breakerWindowMs);
}

/** At most three a minute: whatever makes two programs replace each other, it ends. */
export function mayRetire(atMs: readonly number[], nowMs: number): boolean {
  return recentRetirements(atMs, nowMs).length < maxRetirements;
}
