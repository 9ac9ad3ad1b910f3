// What a panel is told about the person it is with, and how things stand.

import type { Contact, Partner } from "../../protocol/editor/model.ts";
import type { ToPanel } from "../../protocol/panel/messages.ts";
import type { Room } from "../room.ts";
import { standingOf } from "../standing.ts";
import { bannerOf } from "./banner.ts";

/** Empty while nobody is signed in. */
export function accountOf(room: Room): string {
  return room.session === undefined || room.session.state === "signedOut" ? "" : JSON.stringify(room.session.account);
}

export function headOf(room: Room, contact: Contact, account: string): ToPanel {
  const banner = bannerOf(standingOf(room.link, room.session), contact);
  return {
    kind: "head",
    partner: partnerOf(contact),
    ...(banner && { banner }),
    writing: account !== "" ? "open" : room.session === undefined ? "held" : "closed",
    ...(account !== "" && { account }),
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
