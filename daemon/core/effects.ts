// What a step of the core asks for. `Write`s are committed first, in one transaction; only when they are on disk the
// effects are performed, in their order. If the commit fails, the step never happened.

import type { Failure } from "../../protocol/errors.ts";
import type { ChatMessage, Contact, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationEvent, EventOnWire, EventState } from "../../protocol/conversations/event.ts";
import type { State } from "./state.ts";

export type Write =
  /** A contact as it is to be found after a restart. */
  | {
      readonly kind: "contact";
      readonly conversation: ConversationId;
      readonly name: string;
      readonly blocked: boolean;
      readonly muted: boolean;
      readonly readSeq: number;
      readonly toldSeq: number;
    }
  /** A new event; `message`: as it is shown, if it has a place in the conversation. */
  | { readonly kind: "event"; readonly event: ConversationEvent; readonly message?: ChatMessage }
  /** An event is in another state. `failure`, `via`: as of `ChatMessage`. */
  | {
      readonly kind: "state";
      readonly from: string;
      readonly mid: string;
      readonly state: EventState;
      readonly failure?: ChatMessage["failure"];
      readonly via?: ChatMessage["via"];
    }
  /** A message whose text changed, or that was taken back. */
  | { readonly kind: "text"; readonly message: ChatMessage }
  /** Somebody's emoji on a message, given or taken back. */
  | {
      readonly kind: "reaction";
      readonly conversation: ConversationId;
      readonly seq: number;
      readonly emoji: string;
      readonly from: string;
      readonly on: boolean;
    }
  /** Everything up to that position goes, with what waits in the outbox and the draft. */
  | { readonly kind: "purge"; readonly conversation: ConversationId; readonly throughSeq: number }
  /** The outbox takes or drops an own event. */
  | { readonly kind: "outbox"; readonly conversation: ConversationId; readonly mid: string; readonly present: boolean };

export type Effect =
  /** Answer that push: it is on disk [P-5.1]. */
  | { readonly kind: "acknowledge"; readonly receipt: number }
  /**
   * Send that event, on the direct link of that number or (undefined) through the server; `to` is undefined for everyone.
   * The answer comes back as `answered`; without an answer, the end of the link is reported.
   */
  | {
      readonly kind: "transmit";
      readonly conversation: ConversationId;
      readonly mid: string;
      readonly event: EventOnWire & { readonly ts: number };
      readonly to: string | undefined;
      readonly link: number | undefined;
    }
  /** Tell that person up to where their messages were read. */
  | {
      readonly kind: "signalRead";
      readonly to: string;
      readonly upTo: string;
      /** As for `transmit`. */
      readonly link: number | undefined;
    }
  /** Ask the server about a name that the directory has not shown yet. */
  | { readonly kind: "lookUp"; readonly name: string }
  /** Something a person has to know. */
  | { readonly kind: "announce"; readonly text: string }
  | { readonly kind: "sessionChanged"; readonly session: SessionState }
  | {
      readonly kind: "contactsChanged";
      readonly changed: readonly Contact[];
      readonly removed: readonly ConversationId[];
    }
  | { readonly kind: "messagesChanged"; readonly messages: readonly ChatMessage[] }
  /** What was read of that conversation, or of all, is not so any more. */
  | { readonly kind: "historyChanged"; readonly conversation?: ConversationId }
  /** That one window shows a notification. `named`: the message names this person. `reaction`: to that own message. */
  | {
      readonly kind: "tell";
      readonly window: number;
      readonly message: ChatMessage;
      readonly title: string;
      readonly named: boolean;
      readonly reaction?: { readonly emoji: string; readonly from: string };
    };

/** For a command of a view: done, with the message it made, or refused. */
export type CommandOutcome =
  { readonly ok: true; readonly message?: ChatMessage; readonly contact?: Contact } | Failure;

export interface Step {
  readonly state: State;
  readonly writes: readonly Write[];
  readonly effects: readonly Effect[];
  /** Of the last command among the inputs. */
  readonly outcome: CommandOutcome;
}
