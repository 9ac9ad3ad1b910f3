// How long a no holds [P-6.12]: whoever was told no is not asked about again for a while, longer each time. That nobody
// answered holds too, but never for longer, because it says nothing about the asker. In memory only, and bounded.

import { BoundedPairs } from "./bounded-pairs.ts";

/** After the first no, the second, and so on. A client of ours counts in the same way, so both end together. */
const holdsMs = [30_000, 2 * 60_000, 10 * 60_000] as const;
const longestMs = 60 * 60_000;
/** That nobody answered. */
const unansweredMs = 30_000;
/** So long after the last no the next one counts as the first. */
const forgetMs = 24 * 60 * 60_000;

interface Refusal {
  /** How often it was a person's no. */
  readonly times: number;
  readonly last: Refused;
  readonly untilMs: number;
  /** Of the last no. */
  readonly atMs: number;
}

export type Refused = "denied" | "unanswered";

export class Denials {
  readonly #refusals = new BoundedPairs<Refusal>({ owners: 10_000, others: 200 });

  /** @returns what the asker was told, while that holds, and for how long still */
  held(
    target: number,
    asker: number,
    nowMs: number,
  ): { readonly refused: Refused; readonly leftMs: number } | undefined {
    const refusal = this.#refusals.get(target, asker);
    if (!refusal || refusal.untilMs <= nowMs) return undefined;
    return { refused: refusal.last, leftMs: refusal.untilMs - nowMs };
  }

  add(target: number, asker: number, refused: Refused, nowMs: number): void {
    const before = this.#refusals.get(target, asker);
    const times = before && nowMs - before.atMs < forgetMs ? before.times : 0;
    if (refused === "unanswered") {
      const atMs = before?.atMs ?? nowMs;
      this.#refusals.set(target, asker, { times, last: refused, atMs, untilMs: nowMs + unansweredMs });
    } else {
      const untilMs = nowMs + (holdsMs[times] ?? longestMs);
      this.#refusals.set(target, asker, { times: times + 1, last: refused, atMs: nowMs, untilMs });
    }
  }

  /** The target agreed, or wants to talk to them. */
  forget(target: number, asker: number): void {
    this.#refusals.delete(target, asker);
  }
}
