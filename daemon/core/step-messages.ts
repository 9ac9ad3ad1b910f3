// The messages and acts as they are at this point of a step: what the history said before it, and what the step has done
// to them since.

import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Act } from "./acts.ts";
import type { HistoryQueries } from "./ports.ts";

export class StepMessages {
  readonly #facts: HistoryQueries;
  readonly #shown = new Map<string, ChatMessage>();
  readonly #origins = new Set<string>();
  /** Positions of what was added, by author and id, and by id alone. */
  readonly #places = new Map<string, number>();
  readonly #pending = new Map<string, Act[]>();

  constructor(facts: HistoryQueries) {
    this.#facts = facts;
  }

  get shown(): readonly ChatMessage[] {
    return [...this.#shown.values()];
  }

  /** Whether a message or an act of that sender and id was stored before, or earlier in this step [P-5.4]. */
  isKnown(from: string, mid: string): boolean {
    const sender = keyOfName(from);
    return this.#origins.has(`${sender}\n${mid}`) || this.#facts.isKnown(sender, mid);
  }

  /** Views are to be shown it so. */
  show(message: ChatMessage): void {
    this.#shown.set(`${message.conversation}\n${message.seq}`, message);
  }

  add(message: ChatMessage): void {
    const { conversation, seq, mid } = message;
    const author = keyOfName(message.from);
    this.#origins.add(`${author}\n${mid}`);
    this.#places.set(`${conversation}\n${author}\n${mid}`, seq);
    const named = `${conversation}\n${mid}`;
    if (!this.#places.has(named)) this.#places.set(named, seq);
    this.show(message);
  }

  addAct(act: Act): void {
    this.#origins.add(`${keyOfName(act.from)}\n${act.mid}`);
    if (act.state !== "pending") return;
    const about = `${act.conversation}\n${act.target}`;
    this.#pending.set(about, [...(this.#pending.get(about) ?? []), act]);
  }

  at(conversation: ConversationId, seq: number): ChatMessage | undefined {
    return this.#shown.get(`${conversation}\n${seq}`) ?? this.#facts.message(conversation, seq);
  }

  /** Of that author and id. */
  of(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined {
    const seq =
      this.#places.get(`${conversation}\n${author}\n${mid}`) ?? this.#facts.messageOf(conversation, author, mid)?.seq;
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  /** The first of that id, of whichever author. */
  named(conversation: ConversationId, mid: string): ChatMessage | undefined {
    const seq = this.#facts.messageNamed(conversation, mid)?.seq ?? this.#places.get(`${conversation}\n${mid}`);
    return seq === undefined ? undefined : this.at(conversation, seq);
  }

  answersTo(conversation: ConversationId, mid: string): readonly ChatMessage[] {
    return this.#facts.answersTo(conversation, mid).map((each) => this.at(conversation, each.seq) ?? each);
  }

  pendingActs(conversation: ConversationId, target: string): readonly Act[] {
    const before = this.#facts.pendingActs(conversation, target);
    return [...before, ...(this.#pending.get(`${conversation}\n${target}`) ?? [])];
  }
}
