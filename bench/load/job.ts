// What run.ts asks of a generator process, and what it gets back: both travel as JSON.

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
  /** Requests carry an `id`, as our daemon's do. */
  readonly ids: boolean;
  readonly pairs: number;
  readonly inFlight: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  readonly latencySeconds: number;
  /** Messages a second while latency is measured. */
  readonly latencyRate: number;
  readonly idleSessions: number;
}

export interface TalkResult {
  readonly kind: "talk";
  /** Messages answered with ok a second; for `broadcast` pushes received a second. */
  readonly perSecond: number;
  /** CPU seconds a second of the server, of the generator, of everything else on the machine; -1 where unknown. */
  readonly serverCpu: number;
  readonly generatorCpu: number;
  readonly otherCpu: number;
  /** Milliseconds from the write of a request to its answer; -1 where not measured. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the latency phase really sent a second. */
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
  /** Growth from the first fifth of the sessions to all of them, a session: the start-up costs are not in it. */
  readonly marginalBytes: number;
  /** Growth from none to all, a session. */
  readonly wholeBytes: number;
}

export type Result = TalkResult | IdleResult;

const pad = (number: number, width: number): string => String(number).padStart(width, "0");

/** Recipients of one sender in `mailbox`: enough that no mailbox of 10,000 fills up in one job. */
export const mailboxesPerSender = 4;

export const names = {
  sender: (pair: number): string => `s${pad(pair, 2)}`,
  recipient: (pair: number): string => `r${pad(pair, 2)}`,
  mailbox: (pair: number, box: number): string => `m${pad(pair, 2)}${box}`,
  broadcaster: "b00",
  idle: (index: number): string => `i${pad(index, 4)}`,
} as const;

export const password = "a password for the bench";
