// Sends what was written in one panel, and keeps the outcome until the panel has taken it. The page chooses the id of the
// message, so that a daemon that died before it answered can be asked again. No text is sent by another account.

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
  /** By mid; undefined while the daemon has not answered. */
  readonly #sendings = new Map<string, Settled | undefined>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** What became of each; of those that are still on their way nothing is said yet. */
  outcomesOf(mids: readonly string[]): readonly Settled[] {
    return mids.flatMap((mid) => {
      if (!this.#sendings.has(mid)) return [{ kind: "settled", mid, outcome: "unknown" }];
      const settled = this.#sendings.get(mid);
      return settled === undefined ? [] : [settled];
    });
  }

  async send(sending: Sending): Promise<void> {
    const { mid, account } = sending;
    if (this.#sendings.has(mid)) return;
    this.#sendings.set(mid, undefined);
    const outcome = await this.#store(sending);
    const settled: Settled = outcome.ok
      ? { kind: "settled", mid, outcome: "stored" }
      : {
          kind: "settled",
          mid,
          outcome: "refused",
          reason: outcome.reason,
          transient: outcome.code === "unavailable",
        };
    this.#sendings.set(mid, settled);
    if (outcome.ok && account === this.#options.account()) this.#options.stored(outcome.message);
    this.#options.settled(settled);
  }

  async #store({ mid, text, account, replyTo }: Sending): Promise<Outcome<{ message: ChatMessage }>> {
    const { conversation } = this.#options;
    const message = { conversation, text, mid: mid as MessageId, ...(replyTo !== undefined && { answers: replyTo }) };
    return storeMessage(this.#options, message, () => account === this.#options.account());
  }
}
