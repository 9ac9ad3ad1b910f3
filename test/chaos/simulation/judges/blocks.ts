// Nothing that somebody sends after a block was acknowledged is pushed or shown to the person who made the block [P-4.2,
// P-4.3, P-4.5]. Messages that the server accepted before are not affected by the block.

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

/** An unblock this shortly before the block may still be processed after it. */
const settleMs = 15_000;

export class BlockJudge implements Judge {
  readonly #bench: Bench;
  /** `owner target` of blocks that were acknowledged and not asked to end. */
  readonly #certain = new Set<string>();
  readonly #unblockedMs = new Map<string, number>();
  readonly #heard = new Set<string>();
  /** Texts that must not reach the owner, by pair. */
  readonly #unwanted = new Map<string, Set<string>>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  get certain(): Iterable<string> {
    return this.#certain;
  }

  request(_: Line, { type, body, user }: Request): void {
    if (type === "unblock" && user !== undefined) {
      const pair = `${user} ${String(body["target"])}`;
      this.#certain.delete(pair);
      this.#unblockedMs.set(pair, this.#bench.nowMs);
      // Messages that were refused until now may be sent again.
      this.#unwanted.get(pair)?.clear();
    }
    const text = body["msg"];
    if ((type !== "message" && type !== "broadcast") || typeof text !== "string" || this.#heard.has(text)) return;
    const writing = this.#bench.writing(text);
    if (!writing) return;
    this.#heard.add(text);
    for (const pair of this.#certain) {
      if (pair.endsWith(` ${writing.user}`)) this.#unwantedOf(pair).add(text);
    }
  }

  answered(_: Line, { type, body, atMs, user }: Request, answer: JsonObject): void {
    if (type !== "block" || answer["result"] !== "ok" || user === undefined) return;
    const pair = `${user} ${String(body["target"])}`;
    const unblockedMs = this.#unblockedMs.get(pair) ?? -Infinity;
    // Not the time of the answer: it may have waited for earlier answers [P-2.2], while an unblock was processed.
    if (atMs - unblockedMs > settleMs) this.#certain.add(pair);
  }

  pushed(line: Line, { type, body }: Push): void {
    if (type === "message") this.shown(String(line.user), String(body["msg"]));
  }

  shown(user: string, text: string): void {
    const writer = this.#bench.writing(text)?.user ?? "";
    if (this.#unwanted.get(`${user} ${writer}`)?.has(text) !== true) return;
    this.#bench.violation(`${user} is shown ${this.#bench.short(text)} of somebody they block`);
  }

  #unwantedOf(pair: string): Set<string> {
    let texts = this.#unwanted.get(pair);
    if (!texts) {
      texts = new Set();
      this.#unwanted.set(pair, texts);
    }
    return texts;
  }
}
