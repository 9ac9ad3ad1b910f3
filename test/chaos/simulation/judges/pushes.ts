// A link is reliable, so a message is pushed on it once, however slow it is, except if its client refused it temporarily
// [P-5.2, P-5.6]. A message that was acknowledged, however late, is not pushed again on any link [P-5.2].

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

/**
 * If a sender sends a message again after this time, it is a new message to the server, and the recipient recognizes it.
 */
const rememberedMs = 600_000;

export class PushJudge implements Judge {
  readonly #bench: Bench;
  /** When each message was pushed on each link and not refused since. */
  readonly #pushed = new Map<Line, Map<string, number>>();
  /** When each message was acknowledged, by recipient. */
  readonly #acknowledged = new Map<string, number>();
  /** Messages that the current server was asked to deliver, with the time; and those of earlier servers. */
  readonly #asked = new Map<string, number>();
  readonly #askedBefore = new Set<string>();
  /** Messages that it may treat as several. */
  readonly #copies = new Set<string>();

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** A server does not know messages from before its start; the recipient knows them forever. */
  request(_: Line, { type, body, user }: Request): void {
    const name = nameOf({ from: user ?? "", mid: body["mid"] ?? "" });
    if (type !== "message") return;
    const askedMs = this.#asked.get(name);
    if (this.#askedBefore.has(name) || (askedMs !== undefined && !this.#isRecent(askedMs))) this.#copies.add(name);
    this.#asked.set(name, this.#bench.serverMs);
  }

  /** A sender who is told that it failed and sends it again sends another message, while the first may be in flight. */
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

  /** The removal from the mailbox need not have been written yet. */
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
