// What a panel shows about its contact and the state of the connection.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Contact, Partner } from "../../protocol/api/model.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { isPresenceKnown } from "../contacts/contact-queries.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import { bannerOf, isDirect } from "./banner.ts";

/** Returns the account whose history is read: the one that is or was last signed in; empty while none is known. */
export function accountOf({ account }: SessionStore): string {
  return account === undefined ? "" : JSON.stringify(account);
}

export function isSignedIn({ session }: SessionStore): boolean {
  return session !== undefined && session.state !== "signedOut";
}

export function headOf(store: SessionStore, contact: Contact, account: string): ToPanel {
  const status = connectionStatusOf(store.link, store.session);
  const isKnown =
    isEveryone(contact.conversation) ||
    isDirect(contact) ||
    (store.contact(contact.conversation) !== undefined && contact.unknown !== true);
  const banner = bannerOf(status, contact, isKnown);
  return {
    kind: "head",
    partner: partnerOf(contact),
    // An unknown person is not offline, and nothing is delivered to them later.
    ...(!(isKnown && isPresenceKnown(status.state, contact)) && { unsure: true }),
    ...(banner && { banner }),
    writing: isSignedIn(store) ? "open" : store.session === undefined ? "pending" : "closed",
    ...(isSignedIn(store) && { account }),
    linked: store.link.state === "connected",
  };
}

function partnerOf({ conversation, name, presence, presenceText, blocked, route, key }: Contact): Partner {
  return {
    ...{ conversation, name, presence, blocked },
    ...(presenceText !== undefined && { presenceText }),
    ...(route && { route }),
    ...(key && { key }),
  };
}
