// A link is reliable, so a message is pushed once on it, however slow it is, but for what its client refused for now [P-5.2,
// P-5.6]. What was acknowledged, however late, is not pushed again on any link [P-5.2].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

/** What a sender sends again after so long is a new message to the server, and the recipient knows it again. */
const rememberedMs = 600_000;

export class PushJudge implements Judge {
  readonly #bench: Bench;
  /** When each message was pushed on each link, and not refused since. */
  readonly #pushed = new Map<Line, Map<string, number>>();
  /** When each message was acknowledged, by recipient. */
  readonly #acknowledged = new Map<string, number>();
  /** What the server that runs now was asked to deliver, and when; and those before it. */
  readonly #asked = new Map<string, number>();
  readonly #askedBefore = new Set<string>();
  /** What it may take for several messages. */
  readonly #copies = new Set<string>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** A server does not know what was sent to it before its start; the recipient knows it for ever. */
  request(_: Line, { type, body, user }: Request): void {
    const name = nameOf({ from: user ?? "", mid: body["mid"] ?? "" });
    if (type !== "message") return;
    const askedMs = this.#asked.get(name);
    if (this.#askedBefore.has(name) || (askedMs !== undefined && !this.#isRecent(askedMs))) this.#copies.add(name);
    this.#asked.set(name, this.#bench.serverMs);
  }

  /** Whoever is told that it failed and sends it again sends another one, while the first may be under way. */
  answered(_: Line, { type, body, user }: Request, answer: JsonObject): void {
    if (type !== "message" || answer["result"] === "ok") return;
    this.#copies.add(nameOf({ from: user ?? "", mid: body["mid"] ?? "" }));
  }

  pushed(line: Line, { type, body }: Push): void {
    if (type !== "message" || body["broadcast"] === true || line.dialled) return;
    const name = nameOf(body);
    if (this.#copies.has(name)) return;
    const text = String(body["msg"]);
    const short = this.#bench.writing(text) ? this.#bench.short(text) : name;
    const onLink = this.#pushed.get(line) ?? new Map<string, number>();
    this.#pushed.set(line, onLink);
    if (this.#isRecent(onLink.get(name))) this.#bench.violation(`${line.name} is pushed ${short} twice on one link`);
    onLink.set(name, this.#bench.serverMs);
    if (this.#isRecent(this.#acknowledged.get(`${String(line.user)} ${name}`))) {
      this.#bench.violation(`${line.name} is pushed ${short} again, which was acknowledged`);
    }
  }

  pushAnswered(line: Line, { type, body }: Push, answer: JsonObject): void {
    if (type !== "message" || body["broadcast"] === true || line.auth["acks"] !== true) return;
    if (answer["result"] !== "ok") this.#pushed.get(line)?.delete(nameOf(body));
    else if (!line.superseded) this.#acknowledged.set(`${String(line.user)} ${nameOf(body)}`, this.#bench.serverMs);
  }

  closed(line: Line): void {
    this.#pushed.delete(line);
  }

  /** That something was taken out of the mailbox need not have been written yet. */
  serverGone(): void {
    this.#acknowledged.clear();
    for (const name of this.#asked.keys()) this.#askedBefore.add(name);
    this.#asked.clear();
    this.#copies.clear();
  }

  #isRecent(atMs: number | undefined): boolean {
    return atMs !== undefined && this.#bench.serverMs - atMs < rememberedMs;
  }
}

function nameOf({ from, mid }: JsonObject): string {
  return `${String(from)} ${String(mid)}`;
}
