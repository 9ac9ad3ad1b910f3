// An address is given only after its owner agreed to that asker, while the question was open [P-4.8, P-6.3].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

export class ConsentJudge implements Judge {
  readonly #bench: Bench;
  /** When the target last agreed to the asker. */
  readonly #granted = new Map<string, number>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  pushAnswered(line: Line, push: Push, answer: JsonObject): void {
    if (push.type === "request" && answer["result"] === "ok") {
      this.#granted.set(`${String(line.user)} to ${String(push.body["from"])}`, this.#bench.nowMs);
    }
  }

  answered(_: Line, request: Request, answer: JsonObject): void {
    if (request.type !== "address" || answer["result"] !== "ok") return;
    const consent = `${String(request.body["target"])} to ${String(request.user)}`;
    const grantedMs = this.#granted.get(consent);
    if (grantedMs === undefined || grantedMs < request.atMs) {
      this.#bench.violation(`an address was given without the consent of ${consent}`);
    }
  }
}
