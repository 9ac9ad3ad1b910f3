// No message that was answered with `ok` is lost [P-5]. At the moment of the answer it is on the recipient's disk, in the
// mailbox, or (for a client without acks) was handed over. At the end all of them have arrived, except those that a client
// without acks may have missed (readings.ts), that a client refuses, or that are 30 days old in the server's time.

import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { Bench } from "../bench.ts";
import type { Judge, Line, Push, Request } from "../line.ts";

export interface Kept {
  /** Whether a device of that person, or a client that stores messages, has it; undefined for a person without any. */
  onDevice(user: string, text: string): boolean | undefined;
  inMailbox(user: string, text: string): boolean;
  /** Whether a client without acks of that person has read it. */
  read(user: string, text: string): boolean;
  /** Whether that person's client never accepts it. */
  refused(user: string, text: string): boolean;
}

/** Whether that person may have missed it without a violation. */
export type MayHaveMissed = (user: string, text: string) => boolean;

export class DeliveryJudge implements Judge {
  readonly #bench: Bench;
  readonly #kept: Kept;
  /** Recipient by text. */
  readonly #acknowledged = new Map<string, string>();
  /** When the server first received each text, in its own time. */
  readonly #heardMs = new Map<string, number>();
  readonly #handedOver = new Set<string>();

  readonly #mayHaveMissed: MayHaveMissed;

  constructor(bench: Bench, kept: Kept, mayHaveMissed: MayHaveMissed) {
    this.#bench = bench;
    this.#kept = kept;
    this.#mayHaveMissed = mayHaveMissed;
  }

  get count(): number {
    return this.#acknowledged.size;
  }

  request(_: Line, { type, body }: Request): void {
    const text = String(body["msg"]);
    if (type === "message" && !this.#heardMs.has(text)) this.#heardMs.set(text, this.#bench.serverMs);
  }

  answered(line: Line, { type, body }: Request, answer: JsonObject): void {
    // Changes of messages are not messages: reactions.ts checks them.
    if (type !== "message" || answer["result"] !== "ok" || "ref" in body) return;
    const [text, to] = [String(body["msg"]), String(body["to"])];
    this.#acknowledged.set(text, to);
    if (!this.#isOld(text) && !this.#kept.inMailbox(to, text) && !this.#arrived(to, text)) {
      this.#bench.violation(`${line.name} is told ok for ${this.#bench.short(text)}, which is nowhere`);
    }
  }

  pushed(line: Line, { type, body }: Push): void {
    if (type === "message") this.#handedOver.add(`${String(line.user)} ${String(body["msg"])}`);
  }

  /** Messages that were acknowledged and did not arrive. */
  get missing(): string[] {
    const gone = [...this.#acknowledged].filter(([text, to]) => {
      const arrived = this.#kept.onDevice(to, text) ?? this.#kept.read(to, text);
      return !arrived && !this.#isOld(text) && !this.#kept.refused(to, text) && !this.#mayHaveMissed(to, text);
    });
    return gone.map(([text]) => `${this.#bench.short(text)} was acknowledged and is lost`);
  }

  /** A mailbox keeps nothing longer than this. */
  #isOld(text: string): boolean {
    return this.#bench.serverMs - (this.#heardMs.get(text) ?? 0) >= limits.maxMailboxAgeMs;
  }

  #arrived(user: string, text: string): boolean {
    return this.#kept.onDevice(user, text) ?? this.#handedOver.has(`${user} ${text}`);
  }
}
