// All inputs of the core: what the server reports, what views ask, and what the daemon itself did.

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

/** A `message` push [P-6.1]; if it came without an id, it has been given one. */
export interface IncomingMessage {
  readonly from: string;
  readonly msg: string;
  readonly mid: string;
  readonly ts?: number;
  readonly broadcast?: boolean;
  /** The key of the direct link on which it arrived; absent if it came through the server. */
  readonly via?: Pin;
  /** The earlier message that it changes or replies to, and how [P-4.15]. */
  readonly ref?: { readonly kind: string; readonly mid: string };
}

/** Something that happened on the server's link or in the daemon itself. */
export type CoreEvent =
  /** The history of that account is now open. */
  | { readonly kind: "opened"; readonly account: Account; readonly loaded: LoadedHistory }
  | { readonly kind: "session"; readonly session: SessionState }
  | { readonly kind: "message"; readonly message: IncomingMessage; readonly receipt: number }
  | ReadEvent
  /** The answer to a `transmit`, through the server or on a direct link. */
  | {
      readonly kind: "answered";
      readonly conversation: ConversationId;
      readonly mid: string;
      /** `via`: the key of the direct link over which the recipient received it. */
      readonly outcome: { readonly ok: true; readonly delivery: "delivered" | "queued"; readonly via?: Pin } | Failure;
    }
  /**
   * The delivery outcome of an own message that the server had queued [P-6.10]. `to`: the recipient as the server spells it.
   */
  | {
      readonly kind: "outcome";
      readonly to: string;
      readonly mid: string;
      readonly state: DeliveryOutcome;
      readonly receipt: number;
    }
  | { readonly kind: "people"; readonly people: readonly PersonSeen[] }
  /** The whole directory has been read; `listed` has its keys. */
  | { readonly kind: "directoryRead"; readonly listed: ReadonlySet<ConversationId> }
  | { readonly kind: "blockList"; readonly names: readonly string[] }
  /** A direct link to that person is open, with its number; undefined if there is none any more. */
  | { readonly kind: "direct"; readonly conversation: ConversationId; readonly link: number | undefined }
  /** The route to that person that views show. */
  | { readonly kind: "route"; readonly conversation: ConversationId; readonly route: Route | undefined }
  /** What is known about the key of that person's device. */
  | { readonly kind: "key"; readonly conversation: ConversationId; readonly key: ContactKey | undefined }
  /** All rows of the deleted conversation have been removed. */
  | { readonly kind: "purged"; readonly conversation: ConversationId }
  /** The oldest messages of these conversations were removed, because of the retention setting. */
  | { readonly kind: "trimmed"; readonly conversations: readonly ConversationId[] }
  /** A postponed message may be sent now. */
  | { readonly kind: "wake" };

/** A request from a view. */
export type Command =
  | KindCommand
  /** Turns read marks to others on or off. */
  | { readonly kind: "tellRead"; readonly on: boolean }
  /** Turns do not disturb on or off. */
  | { readonly kind: "doNotDisturb"; readonly on: boolean }
  | { readonly kind: "mute"; readonly conversation: ConversationId; readonly muted: boolean }
  /** Deletes everything that is stored about that conversation on this machine. */
  | { readonly kind: "deleteConversation"; readonly conversation: ConversationId }
  /** The server accepted a block or unblock. */
  | { readonly kind: "blocked"; readonly name: string; readonly blocked: boolean }
  /** The person wants to talk to that name. */
  | { readonly kind: "contact"; readonly name: string }
  | { readonly kind: "window"; readonly window: number; readonly report: WindowReport }
  | { readonly kind: "windowGone"; readonly window: number };

export type Input = CoreEvent | Command;
