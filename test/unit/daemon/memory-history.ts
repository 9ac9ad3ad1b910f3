// The history in memory: the second implementation behind the contract suite, and the history of the core's tests.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { ConversationEvent } from "../../../protocol/conversations/event.ts";
import type { Write } from "../../../daemon/core/effects.ts";
import type { OutboxEntry } from "../../../daemon/core/outbox.ts";
import type { HistoryQueries, LoadedHistory, OwnEvent } from "../../../daemon/core/ports.ts";
import { quoteOf } from "../../../daemon/core/contact-views.ts";

type ContactWrite = Extract<Write, { kind: "contact" }>;
type OutboxWrite = Extract<Write, { kind: "outbox" }>;

export class MemoryHistory implements HistoryQueries {
  readonly isOpen = true;
  #messages: ChatMessage[] = [];
  readonly #forgotten: ChatMessage[] = [];
  readonly #contacts = new Map<ConversationId, ContactWrite>();
  /** Those without a place. */
  readonly #changes: ConversationEvent[] = [];
  #outbox: OutboxWrite[] = [];

  commit(writes: readonly Write[]): void {
    for (const write of writes) this.#perform(write);
  }

  load(): LoadedHistory {
    const contacts = [...this.#contacts.values()].map(
      ({ conversation, name, blocked, muted, readSeq, readMarkSentSeq }) => ({
        ...{ conversation, name, blocked, muted, readSeq, readMarkSentSeq },
        lastSeq: this.#of(conversation).at(-1)?.seq ?? 0,
        unread: this.countReceivedAfter(conversation, readSeq),
        last: this.page(conversation, undefined, 1).messages[0],
        lastArrival: this.#messages.findLastIndex((each) => each.conversation === conversation) + 1 || undefined,
      }),
    );
    const outbox = this.#outbox.map(({ conversation, mid }) => {
      const seq = this.ownMessage(conversation, mid)?.seq;
      return { conversation, mid, ...(seq !== undefined && { seq }) };
    });
    return { contacts, outbox };
  }

  page(conversation: ConversationId, before: number | undefined, limit: number) {
    const older = this.#of(conversation).filter(({ seq }) => seq < (before ?? Infinity));
    return { messages: older.slice(-limit), more: older.length > limit };
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return [...this.#messages, ...this.#forgotten, ...this.#changes].some(
      (each) => keyOfName(each.from) === sender && each.mid === mid,
    );
  }

  messageOf(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => keyOfName(each.from) === author && each.mid === mid);
  }

  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.mid === mid);
  }

  repliesTo(conversation: ConversationId, mid: string): ChatMessage[] {
    return this.#of(conversation)
      .filter((each) => each.quote?.mid === mid)
      .reverse();
  }

  pendingEvents(conversation: ConversationId, target: string): ConversationEvent[] {
    return this.#changes.filter((each) => {
      return each.conversation === conversation && each.target === target && each.state === "pending";
    });
  }

  queuedAtServer(conversation: ConversationId): OutboxEntry[] {
    const waits = (each: ChatMessage | ConversationEvent) =>
      each.conversation === conversation && each.state === "queued";
    const messages = this.#of(conversation).filter(waits);
    const changes = this.#changes.filter(waits);
    return [...messages.map(({ seq, mid }) => ({ seq, mid })), ...changes.map(({ mid }) => ({ mid }))];
  }

  ownReactionBeside({ from, conversation, target, body, mid }: ConversationEvent) {
    const found = this.#changes.findLast((each) => {
      const same = each.conversation === conversation && each.target === target && each.body === body;
      const isOf = keyOfName(each.from) === keyOfName(from) && ["reaction", "reactionRemoval"].includes(each.kind);
      return same && isOf && each.mid !== mid && ["sending", "queued", "delivered"].includes(each.state);
    });
    return found?.kind === "reaction" || found?.kind === "reactionRemoval" ? found.kind : undefined;
  }

  ownEvent(mid: string): OwnEvent | undefined {
    const message = this.#messages.find((each) => each.own && each.mid === mid);
    if (!message) return this.#changes.find((each) => each.mid === mid && !isOfOthers(each));
    const { conversation, from, quote, text: body, sentAtMs, state, seq } = message;
    const about = quote ? ({ kind: "reply", target: quote.mid } as const) : ({ kind: "text" } as const);
    return { conversation, mid, from, ...about, body, sentAtMs, state, seq };
  }

  message(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.seq === seq);
  }

  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.own && each.mid === mid);
  }

  ownUnreadThrough(conversation: ConversationId, seq: number): ChatMessage[] {
    const waiting = ["sending", "queued", "delivered"];
    return this.#of(conversation).filter((each) => each.own && each.seq <= seq && waiting.includes(each.state));
  }

  hasOther(conversation: ConversationId, seq: number): boolean {
    return this.#of(conversation).some((each) => each.seq !== seq && (!each.own || each.state !== "failed"));
  }

  countReceivedAfter(conversation: ConversationId, seq: number): number {
    return this.#of(conversation).filter((each) => !each.own && each.deleted !== true && each.seq > seq).length;
  }

  newestReceived(conversation: ConversationId, after: number, through: number, byServer = false) {
    return this.#of(conversation).findLast((each) => {
      return (
        !each.own &&
        each.deleted !== true &&
        each.seq > after &&
        each.seq <= through &&
        !(byServer && each.via !== undefined)
      );
    });
  }

  #of(conversation: ConversationId): ChatMessage[] {
    return this.#messages
      .filter((each) => each.conversation === conversation)
      .map((each) => this.#quoting(each))
      .sort((left, right) => left.seq - right.seq);
  }

  #perform(write: Write): void {
    switch (write.kind) {
      case "contact":
        this.#contacts.set(write.conversation, write);
        return;
      case "event":
        if (this.isKnown(keyOfName(write.event.from), write.event.mid)) throw new Error("the event is known");
        if (write.message) this.#messages.push(write.message);
        else this.#changes.push(write.event);
        return;
      case "state":
        this.#changeState(write);
        return;
      case "text":
        this.#change(write.message, () => write.message);
        return;
      case "reaction":
        this.#change(write, (message) => withReaction(message, write.emoji, write.from, write.on));
        return;
      case "purge": {
        const goes = ({ conversation, seq }: ChatMessage) => {
          return conversation === write.conversation && seq <= write.throughSeq;
        };
        this.#forgotten.push(...this.#messages.filter(goes));
        this.#messages = this.#messages.filter((each) => !goes(each));
        this.#outbox = this.#outbox.filter(({ conversation }) => conversation !== write.conversation);
        return;
      }
      case "outbox":
        this.#outbox = this.#outbox.filter(({ conversation, mid }) => {
          return conversation !== write.conversation || mid !== write.mid;
        });
        if (write.present) this.#outbox.push(write);
        return;
    }
  }

  #changeState({ from, mid, state, failure, via }: Extract<Write, { kind: "state" }>): void {
    const isIt = (each: ChatMessage | ConversationEvent) => {
      return keyOfName(each.from) === keyOfName(from) && each.mid === mid;
    };
    const at = this.#messages.findIndex(isIt);
    const message = this.#messages[at];
    if (message) {
      if (state === "pending") throw new Error("a message waits for nothing");
      const { conversation, seq, own, text, sentAtMs } = message;
      const { quote, edited, deleted, reactions } = message;
      const set = Object.entries({ quote, edited, deleted, reactions, failure, via }).filter(
        ([, value]) => value !== undefined,
      );
      this.#messages[at] = {
        conversation,
        seq,
        mid,
        from: message.from,
        own,
        text,
        sentAtMs,
        state,
        ...Object.fromEntries(set),
      };
      return;
    }
    const place = this.#changes.findIndex(isIt);
    const change = this.#changes[place];
    if (change) this.#changes[place] = { ...change, state };
  }

  #change(
    { conversation, seq }: { conversation: ConversationId; seq: number },
    change: (message: ChatMessage) => ChatMessage,
  ): void {
    const at = this.#messages.findIndex((each) => each.conversation === conversation && each.seq === seq);
    const message = this.#messages[at];
    if (message) this.#messages[at] = change(message);
  }

  /** With what is known now of the message that it quotes. */
  #quoting(message: ChatMessage): ChatMessage {
    if (!message.quote) return message;
    const { mid } = message.quote;
    const known = this.#messages.find((each) => each.conversation === message.conversation && each.mid === mid);
    return { ...message, quote: quoteOf(mid, known) };
  }
}

function isOfOthers({ state }: ConversationEvent): boolean {
  return state === "received" || state === "pending";
}

/** As the history in a file does it: each name once per emoji, in their order. */
function withReaction(message: ChatMessage, emoji: string, from: string, on: boolean): ChatMessage {
  const { reactions: before = [], ...bare } = message;
  const known = before.find((each) => each.emoji === emoji);
  const isFrom = (name: string) => keyOfName(name) === keyOfName(from);
  if (on && known?.from.some(isFrom) === true) return message;
  const others = known?.from.filter((name) => !isFrom(name)) ?? [];
  const now = { emoji, from: on ? [...others, from] : others };
  const reactions = known ? before.map((each) => (each === known ? now : each)) : [...before, now];
  const left = reactions.filter((each) => each.from.length > 0);
  return left.length === 0 ? bare : { ...bare, reactions: left };
}
