// The results of a step of the core. Its `Write`s are committed first, in one transaction. Once they are on disk, the
// effects are performed in order. If the commit fails, the step has no result at all.

import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage, Contact, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent, EventOnWire, EventState } from "../../protocol/conversations/event.ts";
import type { State } from "./state.ts";

export type Write =
  /** A contact as it must be after a restart. */
  | {
      readonly kind: "contact";
      readonly conversation: ConversationId;
      readonly name: string;
      readonly blocked: boolean;
      readonly muted: boolean;
      readonly readSeq: number;
      readonly readMarkSentSeq: number;
    }
  /** A new event. `message`: how it is shown, if it has a place in the conversation. */
  | { readonly kind: "event"; readonly event: ConversationEvent; readonly message?: ChatMessage }
  /** An event changed its state. `failure`, `via`: as in `ChatMessage`. */
  | {
      readonly kind: "state";
      readonly from: string;
      readonly mid: string;
      readonly state: EventState;
      readonly failure?: ChatMessage["failure"];
      readonly via?: ChatMessage["via"];
    }
  /** A message that was edited or deleted. */
  | { readonly kind: "text"; readonly message: ChatMessage }
  /** A reaction was added to a message, or removed from it. */
  | {
      readonly kind: "reaction";
      readonly conversation: ConversationId;
      readonly seq: number;
      readonly emoji: string;
      readonly from: string;
      readonly on: boolean;
    }
  /** Deletes all messages up to that position, with the conversation's entries in the outbox and its draft. */
  | { readonly kind: "purge"; readonly conversation: ConversationId; readonly throughSeq: number }
  /** Adds an own event to the outbox, or removes it. */
  | { readonly kind: "outbox"; readonly conversation: ConversationId; readonly mid: string; readonly present: boolean };

export type Effect =
  /** Acknowledge that push: its event is on disk [P-5.1]. */
  | { readonly kind: "acknowledge"; readonly receipt: number }
  /**
   * Send that event on the direct link with that number, or through the server if undefined; `to` is undefined for everyone.
   * The answer comes back as `answered`; if there is no answer, the end of the link is reported.
   */
  | {
      readonly kind: "transmit";
      readonly conversation: ConversationId;
      readonly mid: string;
      readonly event: EventOnWire & { readonly ts: number };
      readonly to: string | undefined;
      readonly link: number | undefined;
    }
  /** Send that person a read mark: up to where their messages have been read. */
  | {
      readonly kind: "signalRead";
      readonly to: string;
      readonly upTo: string;
      /** As for `transmit`. */
      readonly link: number | undefined;
    }
  /** Ask the server about a name that the directory has not listed yet. */
  | { readonly kind: "lookUp"; readonly name: string }
  /** Show the person something that they must know. */
  | { readonly kind: "announce"; readonly text: string }
  | { readonly kind: "sessionChanged"; readonly session: SessionState }
  | {
      readonly kind: "contactsChanged";
      readonly changed: readonly Contact[];
      readonly removed: readonly ConversationId[];
    }
  | { readonly kind: "messagesChanged"; readonly messages: readonly ChatMessage[] }
  /** Earlier query results for that conversation, or for all, are out of date. */
  | { readonly kind: "historyChanged"; readonly conversation?: ConversationId }
  /**
   * Show a notification in that window. `named`: the message mentions this person. `reaction`: the reaction to that own
   * message.
   */
  | {
      readonly kind: "tell";
      readonly window: number;
      readonly message: ChatMessage;
      readonly title: string;
      readonly named: boolean;
      readonly reaction?: { readonly emoji: string; readonly from: string };
    };

/** The result of a view's command: done, with the message it created if any, or refused. */
export type CommandOutcome =
  { readonly ok: true; readonly message?: ChatMessage; readonly contact?: Contact } | Failure;

export interface Step {
  readonly state: State;
  readonly writes: readonly Write[];
  readonly effects: readonly Effect[];
  /** Of the last command among the inputs. */
  readonly outcome: CommandOutcome;
}
