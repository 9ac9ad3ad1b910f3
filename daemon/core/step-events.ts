// The events of conversations at this point of a step: the history before the step, with the changes of the step so far.

import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { isMessage, toWire } from "../../protocol/conversations/event.ts";
import type { ConversationEvent, EventOnWire } from "../../protocol/conversations/event.ts";
import { deletedText } from "../../protocol/conversations/kinds/deletion.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { HistoryQueries, OwnEvent } from "./ports.ts";

export class StepEvents {
  readonly #history: HistoryQueries;
  readonly #shown = new Map<string, ChatMessage>();
  /** Authors and ids of the added events. */
  readonly #origins = new Set<string>();
  /** Added own events, by id. */
  readonly #own = new Map<string, OwnEvent>();
  /** Positions of added messages, by author and id, and by id alone. */
  readonly #places = new Map<string, number>();
  readonly #pending = new Map<string, ConversationEvent[]>();

  constructor(history: HistoryQueries) {
    this.#history = history;
  }

  /** The messages that are new or look different after this step. */
  get shown(): readonly ChatMessage[] {
    return [...this.#shown.values()];
  }

  /** Whether an event with that author and id was stored before, or earlier in this step [P-5.4]. */
  isKnown(from: string, mid: string): boolean {
    const author = keyOfName(from);
    return this.#origins.has(`${author}\n${mid}`) || this.#history.isKnown(author, mid);
  }

  /** Shows the message like this in views. */
  show(message: ChatMessage): void {
    this.#shown.set(`${message.conversation}\n${message.seq}`, message);
  }

  /** Adds an event. @param message as it is shown, if the event is one */
  add(event: ConversationEvent, message?: ChatMessage): void {
    const { conversation, mid, target = "" } = event;
    const author = keyOfName(event.from);
    this.#origins.add(`${author}\n${mid}`);
    if (event.state === "sending") this.#own.set(mid, { ...event, ...(message && { seq: message.seq }) });
    if (event.state === "pending") {
      const about = `${conversation}\n${target}`;
      this.#pending.set(about, [...(this.#pending.get(about) ?? []), event]);
    }
    if (!message) return;
    this.#places.set(`${conversation}\n${author}\n${mid}`, message.seq);
    const named = `${conversation}\n${mid}`;
    if (!this.#places.has(named)) this.#places.set(named, message.seq);
    this.show(message);
  }

  /** Sets the state of an own event. */
  changeState(event: ConversationEvent, state: ConversationEvent["state"]): void {
    const own = this.own(event.mid);
    if (own && own.from === event.from) this.#own.set(event.mid, { ...own, state });
  }

  /** The message at that position. */
  at(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#shown.get(`${conversation}\n${seq}`) ?? this.#history.message(conversation, seq);
  }

  /** The message with that author and id. */
  of(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined {
    const seq =
      this.#places.get(`${conversation}\n${author}\n${mid}`) ?? this.#history.messageOf(conversation, author, mid)?.seq;
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  /** The first message with that id, by any author. */
  named(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const seq = this.#history.messageNamed(conversation, mid)?.seq ?? this.#places.get(`${conversation}\n${mid}`);
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  /** The replies to the message with that id. */
  repliesTo(conversation: ConversationId, mid: string): readonly ChatMessage[] {
    return this.#history.repliesTo(conversation, mid).map((each) => this.at(conversation, each.seq) ?? each);
  }

  /** The events that arrived before the message that they are about. */
  pendingFor({ conversation, mid }: Pick<ChatMessage, "conversation" | "mid">): readonly ConversationEvent[] {
    const before = this.#history.pendingEvents(conversation, mid);
    return [...before, ...(this.#pending.get(`${conversation}\n${mid}`) ?? [])];
  }

  own(mid: string): OwnEvent | undefined {
    return this.#own.get(mid) ?? this.#history.ownEvent(mid);
  }

  /** What an own event contains on the wire now; for an edit, the current text of its message, if it is still here. */
  onWire(mid: string, owner: UserKey): (EventOnWire & { readonly ts: number }) | undefined {
    const event = this.own(mid);
    if (!event) return undefined;
    const { conversation, kind, seq, target = "", sentAtMs: ts } = event;
    if (isMessage(kind)) {
      const message = seq === undefined ? undefined : this.at(conversation, seq);
      return message && { ...toWire(event, textOf(message)), ts };
    }
    if (kind !== "edit") return { ...toWire(event, event.body), ts };
    const edited = this.of(conversation, owner, target);
    return edited && { ...toWire(event, textOf(edited)), ts };
  }
}

function textOf({ text, deleted }: ChatMessage): string {
  return deleted === true ? deletedText : text;
}
