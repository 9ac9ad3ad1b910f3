// A conversation event: anything that must arrive in a conversation once and in order [P-5.4, P-5.6]. The closed list of
// kinds, and the form of each on the wire [P-4.15].

import type { MessageId } from "../ids.ts";
import type { ConversationId } from "./conversation-id.ts";
import { deletion } from "./kinds/deletion.ts";
import { edit } from "./kinds/edit.ts";
import { reaction, reactionRemoval } from "./kinds/reaction.ts";
import { reply } from "./kinds/reply.ts";
import { text } from "./kinds/text.ts";
import type { WireKind } from "./kinds/kind.ts";

export const eventKinds = { text, reply, edit, deletion, reaction, reactionRemoval } as const;
export type EventKind = keyof typeof eventKinds;
export const eventKindNames = Object.keys(eventKinds) as readonly EventKind[];

/**
 * Own events: `sending` (in the outbox), `queued` (on the server's disk), `delivered` (on the recipient's), `read`, `failed`.
 * Of others: `received`, and `pending` while the target of the event is not known.
 */
export const eventStates = ["sending", "queued", "delivered", "read", "failed", "received", "pending"] as const;
export type EventState = (typeof eventStates)[number];

export interface ConversationEvent {
  readonly conversation: ConversationId;
  /** Chosen by its author, once; unique per author. */
  readonly mid: string;
  /** The author's name, as the author spells it. */
  readonly from: string;
  readonly kind: EventKind;
  /** The `mid` of the event that this one is about. */
  readonly target?: string;
  /** The text of a message, the emoji of a reaction; empty for an edit and a deletion. */
  readonly body: string;
  /** The time by the author's clock, in milliseconds since 1970, limited to what is plausible. */
  readonly sentAtMs: number;
  readonly state: EventState;
}

/** Returns an event as the fields of a `message` request. */
export interface EventOnWire {
  readonly msg: string;
  readonly ref?: { readonly kind: string; readonly mid: MessageId };
}

export function isMessage(kind: EventKind): boolean {
  return eventKinds[kind].isMessage;
}

/** @returns `text` for a kind that this program does not know: it shows the message's `msg` */
export function kindOnWire(ref: { readonly kind: string } | undefined): EventKind {
  return (
    eventKindNames.find((each) => eventKinds[each].ref !== undefined && eventKinds[each].ref === ref?.kind) ?? "text"
  );
}

/** @param body for an edit, the current text of the message */
export function toWire({ kind, target }: Pick<ConversationEvent, "kind" | "target">, body: string): EventOnWire {
  const { ref, msg }: WireKind = eventKinds[kind];
  return {
    msg: msg(body),
    ...(ref !== undefined && target !== undefined && { ref: { kind: ref, mid: target as MessageId } }),
  };
}
