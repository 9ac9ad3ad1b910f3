// What was dragged onto a contact is put into the composer of their chat: the person sees what would leave, and sends it.

import type { Outcome } from "../../protocol/editor/declare.ts";
import type { Contact } from "../../protocol/editor/model.ts";
import { failure } from "../../protocol/errors.ts";
import type { Dropped } from "../contacts/dropped.ts";
import { explain } from "./desk.ts";
import type { Desk } from "./desk.ts";

export function runShare(desk: Desk, contact: Contact, dropped: Dropped): Outcome<object> {
  if (dropped.ok) {
    desk.openPanel(contact.conversation, contact.name, { insert: dropped.text });
    return { ok: true };
  }
  const refused = failure("bad_request", dropped.reason);
  explain(desk, refused);
  return refused;
}
