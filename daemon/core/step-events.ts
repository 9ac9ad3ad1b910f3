// The events of conversations as they are at this point of a step: what the history said before it, and what the step has
// done to them since.

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
  /** Authors and ids of what was added. */
  readonly #origins = new Set<string>();
  /** Own events that were added, by their id. */
  readonly #own = new Map<string, OwnEvent>();
  /** Positions of messages that were added, by author and id, and by id alone. */
  readonly #places = new Map<string, number>();
  readonly #pending = new Map<string, ConversationEvent[]>();

  constructor(history: HistoryQueries) {
    this.#history = history;
  }

  /** The messages that look different after this step, or are new. */
  get shown(): readonly ChatMessage[] {
    return [...this.#shown.values()];
  }

  /** Whether an event of that author and id was stored before, or earlier in this step [P-5.4]. */
  isKnown(from: string, mid: string): boolean {
    const author = keyOfName(from);
    return this.#origins.has(`${author}\n${mid}`) || this.#history.isKnown(author, mid);
  }

  /** Views are to be shown the message like this. */
  show(message: ChatMessage): void {
    this.#shown.set(`${message.conversation}\n${message.seq}`, message);
  }

  /** @param message as it is shown, if the event is one */
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

  /** An own event is in another state. */
  changeState(event: ConversationEvent, state: ConversationEvent["state"]): void {
    const own = this.own(event.mid);
    if (own && own.from === event.from) this.#own.set(event.mid, { ...own, state });
  }

  /** The message at that position. */
  at(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#shown.get(`${conversation}\n${seq}`) ?? this.#history.message(conversation, seq);
  }

  /** The message of that author and id. */
  of(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined {
    const seq =
      this.#places.get(`${conversation}\n${author}\n${mid}`) ?? this.#history.messageOf(conversation, author, mid)?.seq;
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  /** The first message of that id, of any author. */
  named(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const seq = this.#history.messageNamed(conversation, mid)?.seq ?? this.#places.get(`${conversation}\n${mid}`);
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  /** Replies to the message of that id. */
  repliesTo(conversation: ConversationId, mid: string): readonly ChatMessage[] {
    return this.#history.repliesTo(conversation, mid).map((each) => this.at(conversation, each.seq) ?? each);
  }

  /** Events that came before the message that they are about. */
  pendingFor({ conversation, mid }: Pick<ChatMessage, "conversation" | "mid">): readonly ConversationEvent[] {
    const before = this.#history.pendingEvents(conversation, mid);
    return [...before, ...(this.#pending.get(`${conversation}\n${mid}`) ?? [])];
  }

  own(mid: string): OwnEvent | undefined {
    return this.#own.get(mid) ?? this.#history.ownEvent(mid);
  }

  /** What an own event says on the wire now: of an edit, the text that its message has now. */
  onWire(mid: string, owner: UserKey): (EventOnWire & { readonly ts: number }) | undefined {
    const event = this.own(mid);
    if (!event) return undefined;
    const { conversation, kind, seq, target = "", sentAtMs: ts } = event;
    if (isMessage(kind)) {
      const message = seq === undefined ? undefined : this.at(conversation, seq);
      return message && { ...toWire(event, textOf(message)), ts };
    }
    const edited = kind === "edit" ? this.of(conversation, owner, target) : undefined;
    return { ...toWire(event, edited ? textOf(edited) : event.body || deletedText), ts };
  }
}

function textOf({ text, deleted }: ChatMessage): string {
  return deleted === true ? deletedText : text;
}
