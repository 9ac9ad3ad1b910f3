// The job from run.ts to a generator process, and its result: both are sent as JSON.

export const scenarios = ["direct", "acks", "mailbox", "broadcast", "idle"] as const;
export type Scenario = (typeof scenarios)[number];

export interface Job {
  readonly host: string;
  readonly port: number;
  /** The server process, for its CPU time and memory. */
  readonly pid: number;
  readonly scenario: Scenario;
  /** A JSON file of name → session token; empty for a server without tokens. */
  readonly tokensFile: string;
  /** Whether requests carry an `id`, like those of our daemon. */
  readonly ids: boolean;
  readonly pairs: number;
  readonly inFlight: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  readonly latencySeconds: number;
  /** Messages per second while latency is measured. */
  readonly latencyRate: number;
  readonly idleSessions: number;
}

export interface TalkResult {
  readonly kind: "talk";
  /** Messages answered with ok per second; for `broadcast`, pushes received per second. */
  readonly perSecond: number;
  /** CPU seconds per second of the server, of the generator, of everything else on the machine; -1 if unknown. */
  readonly serverCpu: number;
  readonly generatorCpu: number;
  readonly otherCpu: number;
  /** Milliseconds from the write of a request to its answer; -1 if not measured. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The rate that the latency phase really reached, per second. */
  readonly latencyRate: number;
  /** Messages of the whole job, and what went wrong with them. */
  readonly sent: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly unpushed: number;
  readonly firstRefusal: string;
}

export interface IdleResult {
  readonly kind: "idle";
  readonly sessions: number;
  readonly rssBeforeKib: number;
  readonly rssAfterKib: number;
  /** Growth per session from the first fifth of the sessions to all of them, which excludes start-up costs. */
  readonly marginalBytes: number;
  /** Growth per session from none to all. */
  readonly wholeBytes: number;
}

export type Result = TalkResult | IdleResult;

const pad = (number: number, width: number): string => String(number).padStart(width, "0");

/** Recipients per sender in `mailbox`: enough that no mailbox of 10,000 fills up in one job. */
export const mailboxesPerSender = 4;

export const names = {
  sender: (pair: number): string => `s${pad(pair, 2)}`,
  recipient: (pair: number): string => `r${pad(pair, 2)}`,
  mailbox: (pair: number, box: number): string => `m${pad(pair, 2)}${box}`,
  broadcaster: "b00",
  idle: (index: number): string => `i${pad(index, 4)}`,
} as const;

export const password = "a password for the bench";
