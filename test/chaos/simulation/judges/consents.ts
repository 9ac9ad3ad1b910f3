// An address is given only after its owner said yes to that asker, while the question was open [P-4.8, P-6.3].

import type { JsonObject } from "../../../../protocol/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

export class ConsentJudge implements Judge {
  readonly #bench: Bench;
  /** Who asked; the connection may belong to nobody any more when the answer comes. */
  readonly #askers = new WeakMap<Request, string>();
  /** When the target last said yes to the asker. */
  readonly #granted = new Map<string, number>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  request(line: Line, request: Request): void {
    if (line.user !== undefined) this.#askers.set(request, line.user);
  }

  pushAnswered(line: Line, push: Push, granted: boolean): void {
    if (push.type === "request" && granted) {
      this.#granted.set(`${String(line.user)} to ${String(push.body["from"])}`, this.#bench.nowMs);
    }
  }

  answered(_: Line, request: Request, answer: JsonObject): void {
    if (request.type !== "address" || answer["result"] !== "ok") return;
    const consent = `${String(request.body["target"])} to ${String(this.#askers.get(request))}`;
    const grantedMs = this.#granted.get(consent);
    if (grantedMs === undefined || grantedMs < request.atMs) {
      this.#bench.violation(`an address was given without the consent of ${consent}`);
    }
  }
}
