// A sender is told that their message was refused only after the recipient's client refused it permanently [P-5.6].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

const forGood = "refused";

export class RefusalJudge implements Judge {
  readonly #bench: Bench;
  /** Texts that were refused permanently. */
  readonly #refused = new Set<unknown>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  wasRefused(text: string): boolean {
    return this.#refused.has(text);
  }

  pushAnswered(_: Line, { type, body }: Push, answer: JsonObject): void {
    if (type === "message" && answer["code"] === forGood) this.#refused.add(body["msg"]);
  }

  answered(line: Line, { type, body }: Request, answer: JsonObject): void {
    if (type !== "message" || answer["code"] !== forGood || this.#refused.has(body["msg"])) return;
    this.#bench.violation(`${line.name} is told that ${this.#bench.short(String(body["msg"]))} was refused`);
  }
}
