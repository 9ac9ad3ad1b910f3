// Everything that can happen to the core: what the server says, what views ask, and what the daemon itself did.

import type { Failure } from "../../protocol/errors.ts";
import type { Account, ContactKey, Route, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { DeliveryOutcome } from "../../protocol/wire/messages.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { KindCommand } from "./kinds/kinds.ts";
import type { ReadEvent } from "./kinds/read-mark.ts";
import type { WindowReport } from "./notification-policy.ts";
import type { LoadedHistory } from "./ports.ts";
import type { PresenceState } from "./state.ts";

export interface PersonSeen {
  readonly name: string;
  readonly state: PresenceState;
  readonly text?: string;
}

/** A `message` push [P-6.1]; it was given an id if it came without. */
export interface IncomingMessage {
  readonly from: string;
  readonly msg: string;
  readonly mid: string;
  readonly ts?: number;
  readonly broadcast?: boolean;
  /** The key of the direct link that it came on; absent: by the server. */
  readonly via?: Pin;
  /** What it does to an earlier message [P-4.15]. */
  readonly ref?: { readonly kind: string; readonly mid: string };
}

/** From the server's link and the daemon's own life. */
export type CoreEvent =
  /** That account's history is open now. */
  | { readonly kind: "opened"; readonly account: Account; readonly loaded: LoadedHistory }
  | { readonly kind: "session"; readonly session: SessionState }
  | { readonly kind: "message"; readonly message: IncomingMessage; readonly receipt: number }
  | ReadEvent
  /** The answer to a `transmit`, by whichever way it went. */
  | {
      readonly kind: "answered";
      readonly conversation: ConversationId;
      readonly mid: string;
      /** `via`: the key of the direct link whose other end has it. */
      readonly outcome: { readonly ok: true; readonly delivery: "delivered" | "queued"; readonly via?: Pin } | Failure;
    }
  /** What became of an own message that the server had queued [P-6.10]; `to`: as the server spells the recipient. */
  | {
      readonly kind: "outcome";
      readonly to: string;
      readonly mid: string;
      readonly state: DeliveryOutcome;
      readonly receipt: number;
    }
  | { readonly kind: "people"; readonly people: readonly PersonSeen[] }
  /** The whole directory has been read: these keys are in it. */
  | { readonly kind: "directoryRead"; readonly listed: ReadonlySet<ConversationId> }
  | { readonly kind: "blockList"; readonly names: readonly string[] }
  /** A direct link to that person stands, by its number, or (undefined) none does any more. */
  | { readonly kind: "direct"; readonly conversation: ConversationId; readonly link: number | undefined }
  /** What a view shows of the way to that person. */
  | { readonly kind: "route"; readonly conversation: ConversationId; readonly route: Route | undefined }
  /** What is known of the key of that person's device. */
  | { readonly kind: "key"; readonly conversation: ConversationId; readonly key: ContactKey | undefined }
  /** Nothing is left of what that conversation was when it was deleted. */
  | { readonly kind: "purged"; readonly conversation: ConversationId }
  /** The oldest messages of these conversations have gone, as the person wants it. */
  | { readonly kind: "trimmed"; readonly conversations: readonly ConversationId[] }
  /** A postponed message may go on. */
  | { readonly kind: "wake" };

/** From a view. */
export type Command =
  | KindCommand
  /** Whether others are told up to where their messages were read. */
  | { readonly kind: "tellRead"; readonly on: boolean }
  /** Whether the person wants not to be disturbed. */
  | { readonly kind: "undisturbed"; readonly on: boolean }
  | { readonly kind: "mute"; readonly conversation: ConversationId; readonly muted: boolean }
  /** Takes everything that is stored of that conversation away, on this machine. */
  | { readonly kind: "deleteConversation"; readonly conversation: ConversationId }
  /** The server took a block or unblock. */
  | { readonly kind: "blocked"; readonly name: string; readonly blocked: boolean }
  /** A person wants to talk to that name. */
  | { readonly kind: "contact"; readonly name: string }
  | { readonly kind: "window"; readonly window: number; readonly report: WindowReport }
  | { readonly kind: "windowGone"; readonly window: number };

export type Input = CoreEvent | Command;
