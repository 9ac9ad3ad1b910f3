// What a person sees of one daemon, over all its restarts. Checks that nothing is shown twice, that messages of one client
// are in order [P-5.6], and that a message does not return to an earlier state.

import { messagesChanged } from "../../../protocol/api/notifications.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { View } from "../../../daemon/windows/views.ts";
import type { Bench } from "./bench.ts";
import type { BlockJudge } from "./judges/blocks.ts";

const rank: Readonly<Record<ChatMessage["state"], number>> = {
  ...{ received: 0, sending: 0, failed: 1, queued: 1, delivered: 1, read: 2 },
};

/** A message's position, and its number among its author's messages. */
interface Standing {
  readonly seq: number;
  readonly number: number;
}

export class Screen {
  readonly id = 1;
  readonly #bench: Bench;
  readonly #blocks: BlockJudge;
  readonly #name: string;
  readonly #user: string;
  /** The position of each text of others. */
  readonly #places = new Map<string, string>();
  /** The messages by the client that wrote them and the recipient, in order of their positions. */
  readonly #written = new Map<string, Standing[]>();
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
    else this.#received(`${conversation} ${seq}`, seq, text);
  }

  #own({ conversation, seq, state, text }: ChatMessage): void {
    const place = `${conversation} ${seq}`;
    const before = this.#ranks.get(place) ?? 0;
    if (rank[state] < before) this.#bench.violation(`${this.#name} shows ${this.#bench.short(text)} as ${state} again`);
    this.#ranks.set(place, rank[state]);
  }

  #received(place: string, seq: number, text: string): void {
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
    const ordered = this.#stands(from, { seq, number: writing.number });
    if (!ordered && !this.#bench.wasSentAgain(text)) this.#bench.violation(`${this.#name} shows ${short} out of order`);
    if (writing.to !== undefined && writing.to !== this.#user) this.#bench.violation(`${this.#name} shows ${short}`);
  }

  /**
   * Checks the position, not the time at which it is shown: a message that was stored right before a crash is shown only
   * when it changes.
   * @returns whether it comes after messages that were written before it, and before those that were written later
   */
  #stands(from: string, status: Standing): boolean {
    const written = this.#written.get(from) ?? [];
    const behind = written.findIndex(({ seq }) => seq > status.seq);
    const at = behind === -1 ? written.length : behind;
    const [before, after] = [written[at - 1], written[at]];
    this.#written.set(from, written.toSpliced(at, 0, status));
    return (before?.number ?? 0) < status.number && status.number < (after?.number ?? Infinity);
  }
}
