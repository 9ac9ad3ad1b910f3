// Sends what was written in one panel, and keeps the outcome until the panel has taken it. A ticket is the message's id, so
// that a daemon that died before it answered can be asked again. Nobody sends a text of another account.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type { FromPanel, ToPanel } from "../../protocol/page/page-messages.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { storeMessage } from "./store-message.ts";

type Settled = Extract<ToPanel, { kind: "settled" }>;
type Sending = Extract<FromPanel, { kind: "send" }>;

export interface SenderOptions {
  readonly daemon: Daemon;
  readonly store: SessionStore;
  readonly conversation: ConversationId;
  /** Who is signed in; empty while nobody is. */
  readonly account: () => string;
  readonly stored: (message: ChatMessage) => void;
  readonly settled: (settled: Settled) => void;
}

export class Sender {
  readonly #options: SenderOptions;
  /** By ticket; undefined while the daemon has not answered. */
  readonly #sendings = new Map<string, Settled | undefined>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** What became of each; of those that are still on their way nothing is said yet. */
  outcomesOf(tickets: readonly string[]): readonly Settled[] {
    return tickets.flatMap((ticket) => {
      if (!this.#sendings.has(ticket)) return [{ kind: "settled", ticket, outcome: "unknown" }];
      const settled = this.#sendings.get(ticket);
      return settled === undefined ? [] : [settled];
    });
  }

  async send(sending: Sending): Promise<void> {
    const { ticket, account } = sending;
    if (this.#sendings.has(ticket)) return;
    this.#sendings.set(ticket, undefined);
    const outcome = await this.#store(sending);
    const settled: Settled = outcome.ok
      ? { kind: "settled", ticket, outcome: "stored" }
      : {
          kind: "settled",
          ticket,
          outcome: "refused",
          reason: outcome.reason,
          passing: outcome.code === "unavailable",
        };
    this.#sendings.set(ticket, settled);
    if (outcome.ok && account === this.#options.account()) this.#options.stored(outcome.message);
    this.#options.settled(settled);
  }

  async #store({ ticket, text, account, answers }: Sending): Promise<Outcome<{ message: ChatMessage }>> {
    const { conversation } = this.#options;
    const message = { conversation, text, mid: ticket as MessageId, ...(answers !== undefined && { answers }) };
    return storeMessage(this.#options, message, () => account === this.#options.account());
  }
}
