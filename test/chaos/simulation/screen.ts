// What a person sees of one daemon, over all its restarts: judges that nothing is shown twice, that what one client sent
// comes in its order [P-5.6], and that a message does not go back to a state that it had left.

import { messagesChanged } from "../../../protocol/editor/notifications.ts";
import type { ChatMessage } from "../../../protocol/editor/model.ts";
import type { View } from "../../../daemon/editor/views.ts";
import type { Bench } from "./bench.ts";
import type { BlockJudge } from "./judges/blocks.ts";

const rank: Readonly<Record<ChatMessage["state"], number>> = {
  ...{ received: 0, sending: 0, failed: 1, queued: 1, delivered: 1, read: 2 },
};

export class Screen {
  readonly id = 1;
  readonly #bench: Bench;
  readonly #blocks: BlockJudge;
  readonly #name: string;
  readonly #user: string;
  /** Where each text of others stands. */
  readonly #places = new Map<string, string>();
  /** The number of the last message, by the client that wrote it and to whom. */
  readonly #last = new Map<string, number>();
  readonly #ranks = new Map<string, number>();

  constructor(name: string, user: string, bench: Bench, blocks: BlockJudge) {
    this.#name = name;
    this.#user = user;
    this.#bench = bench;
    this.#blocks = blocks;
  }

  get count(): number {
    return this.#places.size;
  }

  view(isAlive: () => boolean): View {
    return {
      id: this.id,
      notify: (method, params) => {
        if (!isAlive() || method !== messagesChanged.method) return;
        for (const message of (params as { messages: ChatMessage[] }).messages) this.#shown(message);
      },
      dispose: () => undefined,
    };
  }

  closed(): void {
    this.#bench.note(`${this.#name} is gone`);
  }

  #shown(message: ChatMessage): void {
    const { conversation, seq, own, text, state } = message;
    this.#bench.note(`${this.#name} shows ${conversation} ${seq} ${state} ${this.#bench.short(text)}`);
    if (own) this.#own(message);
    else this.#received(`${conversation} ${seq}`, text);
  }

  #own({ conversation, seq, state, text }: ChatMessage): void {
    const place = `${conversation} ${seq}`;
    const before = this.#ranks.get(place) ?? 0;
    if (rank[state] < before) this.#bench.violation(`${this.#name} shows ${this.#bench.short(text)} as ${state} again`);
    this.#ranks.set(place, rank[state]);
  }

  #received(place: string, text: string): void {
    const short = this.#bench.short(text);
    const known = this.#places.get(text);
    if (known !== undefined && known !== place) this.#bench.violation(`${this.#name} shows ${short} twice`);
    if (known !== undefined) return;
    this.#places.set(text, place);
    this.#blocks.shown(this.#user, text);
    const writing = this.#bench.writing(text);
    if (!writing) {
      this.#bench.violation(`${this.#name} shows what nobody wrote: ${short}`);
      return;
    }
    const from = `${writing.client}>${writing.to ?? "*"}`;
    const late = writing.number <= (this.#last.get(from) ?? 0);
    if (late && !this.#bench.wasSentAgain(text)) this.#bench.violation(`${this.#name} shows ${short} out of order`);
    this.#last.set(from, writing.number);
    if (writing.to !== undefined && writing.to !== this.#user) this.#bench.violation(`${this.#name} shows ${short}`);
  }
}
