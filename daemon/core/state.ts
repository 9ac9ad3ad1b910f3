// The daemon's state as plain immutable data: enough to draw every view and to decide what to do next. Texts stay in the
// history; the state has only what each contact shows. Code in this folder has no effects: it returns what to do.

import type { UserKey } from "../../protocol/ids.ts";
import type { Account, ContactKey, Route, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Infer } from "../../protocol/validate.ts";
import type { presenceState } from "../../protocol/wire/people.ts";
import { emptyOutbox, outboxTriedUntilMs } from "./outbox.ts";
import type { LinkNumbers, Outbox, Ways } from "./outbox.ts";
import type { Windows } from "./notification-policy.ts";

export type PresenceState = Infer<typeof presenceState>;

export interface LastReaction {
  readonly seq: number;
  readonly emoji: string;
  readonly from: string;
}

export interface ContactState {
  readonly conversation: ConversationId;
  /** As its owner spells it; empty for everyone. */
  readonly name: string;
  /** As last reported by the server; `offline` while there is no connection. */
  readonly presence: PresenceState;
  readonly presenceText: string | undefined;
  /** The server's directory has this name. */
  readonly listed: boolean;
  /** The server has reported that nobody has this name. */
  readonly unknown: boolean;
  /** Only this person ever wrote there, to a name that nobody has: no view lists it until somebody else writes. */
  readonly unheard: boolean;
  /** The history has a row for it. */
  readonly stored: boolean;
  readonly blocked: boolean;
  readonly muted: boolean;
  /** Position of the newest message; 0 if there is none. */
  readonly lastSeq: number;
  /** Everything up to this position has been read. */
  readonly readSeq: number;
  /** Up to this position the author was sent a read mark, or must not be sent one. */
  readonly readMarkSentSeq: number;
  readonly unread: number;
  readonly lastWords: string | undefined;
  /** This person wrote the newest message. */
  readonly lastOwn: boolean;
  /** The latest reaction since then to a message of this person, at `seq`. */
  readonly lastReaction: LastReaction | undefined;
  readonly lastAtMs: number | undefined;
  /** When the newest message arrived, as a number in the order of everything received and written. */
  readonly lastArrival: number | undefined;
  /** How messages reach them, if views should show it. */
  readonly route: Route | undefined;
  /** What is known about the key of their device. */
  readonly key: ContactKey | undefined;
}

/** The account whose history is open. */
export interface ActiveAccount {
  readonly account: Account;
  readonly key: UserKey;
}

export interface State {
  readonly session: SessionState;
  readonly me: ActiveAccount | undefined;
  readonly contacts: ReadonlyMap<ConversationId, ContactState>;
  /** The highest `lastArrival` that was assigned. */
  readonly arrivals: number;
  readonly outbox: Outbox;
  readonly links: LinkNumbers;
  readonly windows: Windows;
  /** Whether others are sent read marks. */
  readonly tellsRead: boolean;
  /** Do not disturb is on: no window notifies or asks anything. */
  readonly doNotDisturb: boolean;
}

export const initialState: State = {
  session: { state: "signedOut" },
  me: undefined,
  contacts: new Map(),
  arrivals: 0,
  outbox: emptyOutbox,
  links: new Map(),
  windows: new Map(),
  tellsRead: true,
  doNotDisturb: false,
};

/** As `outboxTriedUntilMs`, if somebody is signed in: without a session nothing can be sent. */
export function triedUntilMs(
  { outbox, session }: Pick<State, "outbox" | "session">,
  nowMs: number,
): number | undefined {
  return session.state === "signedOut" ? undefined : outboxTriedUntilMs(outbox, nowMs);
}

/** Returns how messages can be sent now. */
export function waysOf({ links, session }: Pick<State, "links" | "session">): Ways {
  return { links, server: session.state === "connected" };
}

export function newContact(conversation: ConversationId, name: string): ContactState {
  return {
    conversation,
    name,
    presence: "offline",
    presenceText: undefined,
    listed: false,
    unknown: false,
    unheard: false,
    stored: false,
    blocked: false,
    muted: false,
    lastSeq: 0,
    readSeq: 0,
    readMarkSentSeq: 0,
    unread: 0,
    lastWords: undefined,
    lastOwn: false,
    lastReaction: undefined,
    lastAtMs: undefined,
    lastArrival: undefined,
    route: undefined,
    key: undefined,
  };
}

/** Returns the totals of the badge; `muted` counts what the badge leaves out. */
export function unreadTotals(state: State): { readonly unread: number; readonly muted: number } {
  let [unread, muted] = [0, 0];
  for (const contact of state.contacts.values()) {
    if (contact.blocked) continue;
    if (contact.muted) muted += contact.unread;
    else unread += contact.unread;
  }
  return { unread, muted };
}
