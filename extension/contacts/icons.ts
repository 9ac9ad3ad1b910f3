// The icon of a contact: a codicon and its theme color. One place for the tree and all lists. The four presence icons have
// the same size and differ in shape, not only in color.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Contact } from "../../protocol/api/model.ts";

export interface Icon {
  readonly id: string;
  /** A theme color; absent: the text color. */
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
