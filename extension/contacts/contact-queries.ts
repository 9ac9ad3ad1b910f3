// What the rest of the extension wants to know of contacts, as plain functions: names, counts, who is to be read next.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import { arrivalOf } from "../../protocol/api/model.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";
import type { ConnectionState } from "../daemon-client/connection-status.ts";

/** The conversation of broadcasts, as it is called on the screen. */
export function everyoneName(): string {
  return t("Everyone");
}

export function nameOf(contact: Contact): string {
  return isEveryone(contact.conversation) ? everyoneName() : plainLine(contact.name, 64);
}

/** Without the server nobody can say who is online, except of those who are connected directly. */
export function isPresenceKnown(state: ConnectionState, contact?: Contact): boolean {
  if (state === "starting" || state === "down") return false;
  return state === "connected" || contact?.route?.kind === "direct";
}

/** "1 new message", "3 new messages". */
export function newMessages(count: number): string {
  return count === 1 ? t("1 new message") : t("{0} new messages", count);
}

/** Over all conversations that are not muted. */
export function totalUnread(contacts: readonly Contact[]): number {
  return contacts.reduce((sum, each) => sum + (each.muted || each.blocked ? 0 : each.unread), 0);
}

/** The one to read next: the latest with something unread. */
export function latestUnread(contacts: readonly Contact[]): Contact | undefined {
  return contacts
    .filter((each) => each.unread > 0 && !each.muted && !each.blocked)
    .sort((a, b) => arrivalOf(b) - arrivalOf(a))[0];
}
