// The core with a history in memory and everything it asked for, as a test drives it.

import type { Account, ChatMessage } from "../../../../protocol/api/model.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";
import type { CommandOutcome, Effect } from "../../../../daemon/core/effects.ts";
import type { Input } from "../../../../daemon/core/inputs.ts";
import { reduce } from "../../../../daemon/core/reduce.ts";
import { initialState } from "../../../../daemon/core/state.ts";
import type { State } from "../../../../daemon/core/state.ts";
import { MemoryHistory } from "../memory-history.ts";

export const account: Account = { user: "Me", server: "127.0.0.1:8765" };

/** To a push: the further fields of a message. */
type Added = Omit<Extract<Input, { kind: "message" }>["message"], "from" | "msg" | "mid">;

type EffectOf<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export class World {
  readonly history = new MemoryHistory();
  state: State = initialState;
  nowMs = 1_000;
  /** Of the last step. */
  effects: readonly Effect[] = [];
  #mids = 0;
  #receipts = 0;

  do(...inputs: Input[]): CommandOutcome {
    const { nowMs } = this;
    const step = reduce(this.state, inputs, { nowMs, monotonicMs: nowMs, random: 0.5, history: this.history });
    this.history.commit(step.writes);
    this.state = step.state;
    this.effects = step.effects;
    return step.outcome;
  }

  of<K extends Effect["kind"]>(kind: K): EffectOf<K>[] {
    return this.effects.filter((effect): effect is EffectOf<K> => effect.kind === kind);
  }

  open(): this {
    this.do({ kind: "opened", account, loaded: this.history.load() });
    return this;
  }

  connected(): this {
    if (!this.state.me) this.open();
    this.do({ kind: "session", session: { state: "connected", account } });
    return this;
  }

  unreachable(): this {
    this.do({ kind: "session", session: { state: "unreachable", account, reason: "gone", retryAtMs: 0 } });
    return this;
  }

  send(to: string, text: string): ChatMessage {
    const conversation = to === "everyone" ? "everyone" : (`user:${to}` as const);
    const outcome = this.do({ kind: "send", conversation, text, mid: `m${++this.#mids}` });
    if (!outcome.ok || !outcome.message) throw new Error("not sent");
    return outcome.message;
  }

  push(from: string, msg: string, mid: string, added: Added = {}): Input {
    return { kind: "message", message: { from, msg, mid, ...added }, receipt: ++this.#receipts };
  }

  /** A push that does something to an earlier message [P-4.15]. */
  event(from: string, kind: string, target: string, msg: string, mid: string, added: Added = {}): Input {
    return this.push(from, msg, mid, { ref: { kind, mid: target }, ...added });
  }

  /** The server has taken what is in flight to that person. */
  delivered(to: string, mid: string, delivery: "delivered" | "queued" = "delivered"): Input {
    const conversation = to === "everyone" ? "everyone" : (`user:${to}` as const);
    return { kind: "answered", conversation, mid, outcome: { ok: true, delivery } };
  }

  /** The messages with somebody, or with everyone. */
  shown(conversation: ConversationId): ChatMessage[] {
    return this.history.page(conversation, undefined, 100).messages;
  }

  /** What left towards the server in the last step. */
  get sent(): string[] {
    return this.of("transmit").map(({ mid }) => mid);
  }

  get changedMessages(): readonly ChatMessage[] {
    return this.of("messagesChanged").flatMap(({ messages }) => messages);
  }
}
