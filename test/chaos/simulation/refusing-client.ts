// A client that stores messages and refuses some [P-5.6]: now and then everything, as with a full disk; some messages
// permanently; and some temporarily, whenever they come, so that everything after them has to overtake them.

import type { Socket } from "node:net";
import type { Fields } from "./line-socket.ts";
import { LateClient } from "./late-client.ts";

const fullMs = { least: 2_000, most: 25_000 };

export class RefusingClient extends LateClient {
  #takesAll = false;
  #fullUntilMs = 0;

  /**
   * Whether it never accepts that message: every seventh of a writer, refused temporarily, and every eleventh, permanently.
   */
  refuses(text: string): boolean {
    return this.#refusal(text) !== undefined;
  }

  override stay(): void {
    super.stay();
    this.#takesAll = true;
  }

  protected override delayMs(): number {
    return this.parts.chance.between(0, 50);
  }

  protected override message(socket: Socket, push: Fields): void {
    const { chance, bench } = this.parts;
    const text = String(push["msg"]);
    if (!this.#takesAll && chance.happens(0.06)) {
      this.#fullUntilMs = bench.nowMs + chance.between(fullMs.least, fullMs.most);
      bench.note(`${this.name} can store nothing for now`);
    }
    const isFull = !this.#takesAll && bench.nowMs < this.#fullUntilMs;
    const code = this.#refusal(text) ?? (isFull ? "unavailable" : undefined);
    if (code === undefined) super.message(socket, push);
    else this.answerLater(socket, { id: push["id"], result: "no", code });
  }

  #refusal(text: string): string | undefined {
    const number = this.parts.bench.writing(text)?.number ?? 0;
    if (number % 7 === 3) return "unavailable";
    return number % 11 === 5 ? "refused" : undefined;
  }
}
