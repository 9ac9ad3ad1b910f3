// What the core is given and never fetches: time, chance, and the facts that are too many to hold in memory. A
// simulation gives its own.

import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../protocol/conversations/event.ts";
import type { OutboxEntry } from "./outbox.ts";

/** Questions to the history, answered at once, from before the step that asks. */
export interface HistoryQueries {
  /** Whether an event of that author and id was ever stored [P-5.4]. */
  isKnown(sender: UserKey, mid: string): boolean;
  message(conversation: ConversationId, seq: number): ChatMessage | undefined;
  /** The message of that author and id in that conversation. */
  messageOf(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined;
  /** The first message of that id in that conversation, of whichever author. */
  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined;
  /** Replies to the message of that id: the newest of them. */
  repliesTo(conversation: ConversationId, mid: string): readonly ChatMessage[];
  /** Events of others about a message that is not known yet, in the order in which they came. */
  pendingEvents(conversation: ConversationId, target: string): readonly ConversationEvent[];
  /**
   * Own events that the server has queued: messages, then changes, each in their order. The newest only, of each as many as
   * a mailbox holds: older ones have left it.
   */
  queuedAtServer(conversation: ConversationId): readonly OutboxEntry[];
  /** This person's own event of that id; `seq` if it is a message. */
  ownEvent(mid: string): OwnEvent | undefined;
  /** The newest own reaction or removal of the same emoji on the same message that was not refused, that one left out. */
  ownReactionBeside(event: ConversationEvent): "reaction" | "reactionRemoval" | undefined;
  /** This person's own message of that id. */
  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined;
  /** Own messages up to that position that their recipient has not been seen to read. */
  ownUnreadThrough(conversation: ConversationId, seq: number): readonly ChatMessage[];
  /** Whether there is a message but the one at that position that anybody wrote to this person, or that was not refused. */
  hasOther(conversation: ConversationId, seq: number): boolean;
  /** Messages of others behind that position, without those that were taken back. */
  countReceivedAfter(conversation: ConversationId, seq: number): number;
  /** The newest message of others in `after < seq <= through`, without those that were taken back; of those that came by the server, where that is asked. */
  newestReceived(
    conversation: ConversationId,
    after: number,
    through: number,
    byServer?: boolean,
  ): Pick<ChatMessage, "mid" | "seq" | "via"> | undefined;
}

export interface OwnEvent extends ConversationEvent {
  readonly seq?: number;
}

/** What one step is given besides the state. */
export interface StepContext {
  /** Wall clock, milliseconds since 1970: for what a person sees. */
  readonly nowMs: number;
  /** Never jumps: for waiting. */
  readonly monotonicMs: number;
  /** From 0 to below 1. */
  readonly random: number;
  readonly history: HistoryQueries;
}

/** What the history says when it is opened. */
export interface LoadedHistory {
  readonly contacts: readonly {
    readonly conversation: ConversationId;
    readonly name: string;
    readonly blocked: boolean;
    readonly muted: boolean;
    readonly readSeq: number;
    readonly toldSeq: number;
    /** No new message has a position up to this. */
    readonly lastSeq: number;
    readonly unread: number;
    readonly last: ChatMessage | undefined;
    /** When it came, in the order of all that came and were written. */
    readonly lastArrival: number | undefined;
  }[];
  /** In the order in which they were sent. */
  readonly outbox: readonly (OutboxEntry & { readonly conversation: ConversationId })[];
}
