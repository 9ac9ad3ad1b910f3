// The icon of a contact: a codicon and the theme colour that it is drawn in. One place for the tree and for every list. The
// four of presence are of one size and differ in their form, not only in colour.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Contact } from "../../protocol/api/model.ts";

export interface Icon {
  readonly id: string;
  /** Of a theme; absent: the colour of text. */
  readonly color?: string;
}

export function iconOf(contact: Contact, presenceKnown = true): Icon {
  if (isEveryone(contact.conversation)) return { id: "organization" };
  if (contact.key?.changed !== undefined) return { id: "warning", color: "list.warningForeground" };
  if (contact.blocked) return { id: "circle-slash", color: "disabledForeground" };
  return presenceKnown ? presenceIcon(contact.presence) : { id: "person" };
}

export function presenceIcon(presence: Contact["presence"]): Icon {
  switch (presence) {
    case "available":
      return { id: "circle-filled", color: "charts.green" };
    case "away":
      return { id: "record-small", color: "charts.yellow" };
    case "dnd":
      return { id: "debug-breakpoint-conditional", color: "charts.red" };
    case "offline":
      return { id: "circle-outline", color: "disabledForeground" };
  }
}
