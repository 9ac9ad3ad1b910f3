// Files, texts and selections for a person: they are put into the composer of their chat, where the person sees what would
// leave, and sends it.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import type { Attached } from "../chat/attachment-block.ts";
import { t } from "../ui/l10n.ts";
import { conversationFor, explain } from "./app-context.ts";
import type { Desk } from "./app-context.ts";

/** What was dragged onto a contact. */
export function runShare(desk: Desk, { conversation, name }: Contact, dropped: Attached): Outcome<object> {
  if (!dropped.ok) return refuse(desk, dropped.reason);
  desk.openPanel(conversation, name, { insert: dropped.text });
  return { ok: true };
}

/** `chatRoom.sendSelection`: a name; asks where it is missing. Takes what is selected in the text editor; answers the outcome. */
export async function runSendSelection(desk: Desk, given?: unknown): Promise<Outcome<object>> {
  const selected = desk.selection();
  if (!selected.ok) return refuse(desk, selected.reason);
  const found = await conversationFor(desk, given, {
    title: t("Chat Room: Send Selection to Contact"),
    placeholder: t("To whom? Choose, or type a name"),
    everyone: true,
    suits: (contact) => !contact.blocked,
  });
  if (!found.ok) {
    explain(desk, found);
    return found;
  }
  desk.openPanel(found.conversation, found.name, { insert: selected.text });
  return { ok: true };
}

function refuse(desk: Desk, reason: string): Outcome<object> {
  const refused = failure("bad_request", reason);
  explain(desk, refused);
  return refused;
}
