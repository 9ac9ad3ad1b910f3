// What a panel is told about the person it is with, and how things stand.

import type { Contact, Partner } from "../../protocol/api/model.ts";
import type { ToPanel } from "../../protocol/page/page-messages.ts";
import { isEveryone, isPresenceKnown } from "../contacts/contact-queries.ts";
import type { Room } from "../daemon-client/session-store.ts";
import { standingOf } from "../daemon-client/connection-status.ts";
import { bannerOf } from "./banner.ts";

/** Whose history is read: that of whoever is signed in, or was last. Empty while nobody is known. */
export function accountOf({ account }: Room): string {
  return account === undefined ? "" : JSON.stringify(account);
}

export function isSignedIn({ session }: Room): boolean {
  return session !== undefined && session.state !== "signedOut";
}

export function headOf(room: Room, contact: Contact, account: string): ToPanel {
  const standing = standingOf(room.link, room.session);
  const isKnown = isEveryone(contact) || room.contact(contact.conversation) !== undefined;
  const banner = bannerOf(standing, contact, isKnown);
  return {
    kind: "head",
    partner: partnerOf(contact),
    ...(!isPresenceKnown(standing.state, contact) && { unsure: true }),
    ...(banner && { banner }),
    writing: isSignedIn(room) ? "open" : room.session === undefined ? "held" : "closed",
    ...(isSignedIn(room) && { account }),
    linked: room.link.state === "connected",
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
