// Which of two versions serves. Builds are numbers in a total order, so both ends come to the same answer; a process is
// replaced only by a newer one, only when nobody would notice, and not over and over (the breaker).

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
  /** Somebody uses it now. */
  readonly busy: boolean;
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

/** Older and idle: makes room. Otherwise the caller is attached, whichever is newer, if they speak a common version. */
export function decide(running: Running, caller: Caller): Verdict {
  const newer = caller.build > running.build;
  if (newer && caller.canStart && !running.busy && running.mayRetire) return { kind: "retire" };
  const common = Math.min(running.protocol.max, caller.protocol.max);
  if (common >= Math.max(running.protocol.min, caller.protocol.min)) return { kind: "attach", protocol: common };
  const { subject = "The daemon" } = running;
  return {
    kind: "refuse",
    reason: newer
      ? `${subject} is of an older version (build ${running.build}) that does not understand this one ` +
        `(build ${caller.build}). Close the other windows and programs that use it, or stop it.`
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
