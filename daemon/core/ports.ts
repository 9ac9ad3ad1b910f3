// What the core is given and never fetches: time, randomness, and facts that are too many to hold in memory. A simulation
// provides its own.

import type { UserKey } from "../../protocol/ids.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent } from "../../protocol/conversations/event.ts";
import type { OutboxEntry } from "./outbox.ts";

/** Queries on the history. They answer at once, with the state before the step that asks. */
export interface HistoryQueries {
  /** False while the file is being worked on: then nothing is found, and nothing can be stored. */
  readonly isOpen: boolean;
  /** Whether an event with that author and id was ever stored [P-5.4]. */
  isKnown(sender: UserKey, mid: string): boolean;
  message(conversation: ConversationId, seq: number): ChatMessage | undefined;
  /** The message of that author and id in that conversation. */
  messageOf(conversation: ConversationId, author: UserKey, mid: string): ChatMessage | undefined;
  /** The first message with that id in that conversation, by any author. */
  messageNamed(conversation: ConversationId, mid: string): ChatMessage | undefined;
  /** The newest replies to the message with that id. */
  repliesTo(conversation: ConversationId, mid: string): readonly ChatMessage[];
  /** Events of others about a message that is not known yet, in order of arrival. */
  pendingEvents(conversation: ConversationId, target: string): readonly ConversationEvent[];
  /**
   * Own events that the server has queued: messages, then changes, each in order. At most as many of each as a mailbox
   * holds, the newest: older ones have left the mailbox.
   */
  queuedAtServer(conversation: ConversationId): readonly OutboxEntry[];
  /** This person's own event with that id; `seq` if it is a message. */
  ownEvent(mid: string): OwnEvent | undefined;
  /**
   * The newest own reaction or removal of the same emoji on the same message that was not refused, except that event itself.
   */
  ownReactionBeside(event: ConversationEvent): "reaction" | "reactionRemoval" | undefined;
  /** This person's own message with that id. */
  ownMessage(conversation: ConversationId, mid: string): ChatMessage | undefined;
  /** Own messages up to that position that the recipient has not read as far as is known. */
  ownUnreadThrough(conversation: ConversationId, seq: number): readonly ChatMessage[];
  /** Whether there is another message than that one which somebody else wrote, or which was not refused. */
  hasOther(conversation: ConversationId, seq: number): boolean;
  /** How many messages of others come after that position, without deleted ones. */
  countReceivedAfter(conversation: ConversationId, seq: number): number;
  /**
   * The newest message of others in `after < seq <= through`, without deleted ones; on request only of those that came
   * through the server.
   */
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

/** What a step is given besides the state. */
export interface StepContext {
  /** Wall clock, milliseconds since 1970: for times that a person sees. */
  readonly nowMs: number;
  /** Monotonic clock, milliseconds; never jumps: for delays. */
  readonly monotonicMs: number;
  /** From 0 to below 1. */
  readonly random: number;
  readonly history: HistoryQueries;
}

/** What the history contains when it is opened. */
export interface LoadedHistory {
  readonly contacts: readonly {
    readonly conversation: ConversationId;
    readonly name: string;
    readonly blocked: boolean;
    readonly muted: boolean;
    readonly readSeq: number;
    readonly readMarkSentSeq: number;
    /** New messages get positions above this. */
    readonly lastSeq: number;
    readonly unread: number;
    readonly last: ChatMessage | undefined;
    /** When the newest message arrived, as a number in the order of everything received and written. */
    readonly lastArrival: number | undefined;
  }[];
  /** In the order in which they were sent. */
  readonly outbox: readonly (OutboxEntry & { readonly conversation: ConversationId })[];
}
