// Plain functions over contacts for the rest of the extension: names, counts, the next unread one.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { arrivalOf } from "../../protocol/api/model.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";
import type { ConnectionState } from "../daemon-client/connection-status.ts";

/** The on-screen name of the conversation of broadcasts. */
export function everyoneName(): string {
  return t("Everyone");
}

export function nameOf(contact: Contact): string {
  return isEveryone(contact.conversation) ? everyoneName() : plainLine(contact.name, 64);
}

/** Without the server, presence is known only for people who are connected directly. */
export function isPresenceKnown(state: ConnectionState, contact?: Contact): boolean {
  if (state === "starting" || state === "down") return false;
  return state === "connected" || contact?.route?.kind === "direct";
}

/** "1 new message", "3 new messages". */
export function newMessages(count: number): string {
  return count === 1 ? t("1 new message") : t("{0} new messages", count);
}

/** Counts unread messages of all conversations that are not muted. */
export function totalUnread(contacts: readonly Contact[]): number {
  return contacts.reduce((sum, each) => sum + (each.muted || each.blocked ? 0 : each.unread), 0);
}

/** Returns the one to read next: the latest with unread messages. */
export function latestUnread(contacts: readonly Contact[]): Contact | undefined {
  return contacts
    .filter((each) => each.unread > 0 && !each.muted && !each.blocked)
    .sort((a, b) => arrivalOf(b) - arrivalOf(a))[0];
}
