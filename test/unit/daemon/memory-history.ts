// The history in memory: the second implementation behind the contract suite, and the history of the core's tests.

import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../../protocol/ids.ts";
import { keyOfName } from "../../../protocol/names.ts";
import type { Act } from "../../../daemon/core/acts.ts";
import { noSeq, withReaction } from "../../../daemon/core/acts.ts";
import type { Write } from "../../../daemon/core/effects.ts";
import type { OutboxEntry } from "../../../daemon/core/outbox.ts";
import type { HistoryQueries, LoadedHistory } from "../../../daemon/core/ports.ts";
import { quoteOf } from "../../../daemon/core/contact-views.ts";

type ContactWrite = Extract<Write, { kind: "contact" }>;
type OutboxWrite = Extract<Write, { kind: "outbox" }>;

export class MemoryHistory implements HistoryQueries {
  #messages: ChatMessage[] = [];
  readonly #forgotten: ChatMessage[] = [];
  readonly #contacts = new Map<ConversationId, ContactWrite>();
  readonly #acts: Act[] = [];
  #outbox: OutboxWrite[] = [];

  commit(writes: readonly Write[]): void {
    for (const write of writes) this.#perform(write);
  }

  load(): LoadedHistory {
    const contacts = [...this.#contacts.values()].map(({ conversation, name, blocked, muted, readSeq, toldSeq }) => ({
      ...{ conversation, name, blocked, muted, readSeq, toldSeq },
      lastSeq: this.#of(conversation).at(-1)?.seq ?? 0,
      unread: this.countReceivedAfter(conversation, readSeq),
      last: this.page(conversation, undefined, 1).messages[0],
      lastArrival: this.#messages.findLastIndex((each) => each.conversation === conversation) + 1 || undefined,
    }));
    return { contacts, outbox: this.#outbox.map(({ conversation, seq, mid }) => ({ conversation, seq, mid })) };
  }

  page(conversation: ConversationId, before: number | undefined, limit: number) {
    const older = this.#of(conversation).filter(({ seq }) => seq < (before ?? Infinity));
    return { messages: older.slice(-limit), more: older.length > limit };
  }

  isKnown(sender: UserKey, mid: string): boolean {
    return [...this.#messages, ...this.#forgotten, ...this.#acts].some(
      (each) => keyOfName(each.from) === sender && each.mid === mid,
    );
  }

  messageOf(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => keyOfName(each.from) === author && each.mid === mid);
  }

  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined {
    return this.#of(conversation).find((each) => each.mid === mid);
  }

  answersTo(conversation: ConversationId, mid: string): ChatMessage[] {
    return this.#of(conversation)
      .filter((each) => each.quote?.mid === mid)
      .reverse();
  }

  pendingActs(conversation: ConversationId, target: string): Act[] {
    return this.#acts.filter((each) => {
      return each.conversation === conversation && each.target === target && each.state === "pending";
    });
  }

  queuedAtServer(conversation: ConversationId): OutboxEntry[] {
    const waits = (each: ChatMessage | Act) => each.conversation === conversation && each.state === "queued";
    const messages = this.#of(conversation).filter(waits);
    const acts = this.#acts.filter(waits);
    return [...messages.map(({ seq, mid }) => ({ seq, mid })), ...acts.map(({ mid }) => ({ seq: noSeq, mid }))];
  }

  ownReactionBeside({ conversation, target, emoji, mid }: Act): Act["kind"] | undefined {
    return this.#acts.findLast((each) => {
      const same = each.conversation === conversation && each.target === target && each.emoji === emoji;
      return same && each.mid !== mid && ["sending", "queued", "sent"].includes(each.state);
    })?.kind;
  }

  ownAct(mid: string): Act | undefined {
    return this.#acts.find((each) => each.mid === mid && !["pending", "done"].includes(each.state));
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
      case "message":
        if (this.isKnown(keyOfName(write.message.from), write.message.mid)) throw new Error("the message is known");
        this.#messages.push(write.message);
        return;
      case "state":
        this.#change(write.message, ({ text, edited, deleted, reactions }) => {
          return { ...write.message, text, ...this.#present({ edited, deleted, reactions }) };
        });
        return;
      case "text":
        this.#change(write.message, () => write.message);
        return;
      case "reaction":
        this.#change(write, (message) => withReaction(message, write.emoji, write.from, write.on) ?? message);
        return;
      case "act":
        if (this.isKnown(keyOfName(write.act.from), write.act.mid)) throw new Error("the act is known");
        this.#acts.push(write.act);
        return;
      case "actState": {
        const at = this.#acts.findIndex(({ from, mid }) => from === write.from && mid === write.mid);
        const act = this.#acts[at];
        if (act) this.#acts[at] = { ...act, state: write.state };
        return;
      }
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

  #change(
    { conversation, seq }: { conversation: ConversationId; seq: number },
    change: (message: ChatMessage) => ChatMessage,
  ): void {
    const at = this.#messages.findIndex((each) => each.conversation === conversation && each.seq === seq);
    const message = this.#messages[at];
    if (message) this.#messages[at] = change(message);
  }

  #present(fields: { [K in "edited" | "deleted" | "reactions"]: ChatMessage[K] | undefined }): Partial<ChatMessage> {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  /** Adds what is known now about the message that it replies to. */
  #quoting(message: ChatMessage): ChatMessage {
    if (!message.quote) return message;
    const { mid } = message.quote;
    const known = this.#messages.find((each) => each.conversation === message.conversation && each.mid === mid);
    return { ...message, quote: quoteOf(mid, known) };
  }
}
