// Puts files, texts and selections into the composer of a person's chat. The person sees there what would leave the machine,
// and sends it.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import type { Attachment } from "../chat/attachment-block.ts";
import { t } from "../ui/l10n.ts";
import { conversationFor, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { contactArgument } from "./command-arguments.ts";

/** What was dragged onto a contact. */
export function runShare(app: AppContext, { conversation, name }: Contact, dropped: Attachment): Outcome<object> {
  if (!dropped.ok) return refuse(app, dropped.reason);
  app.openPanel(conversation, name, { insert: dropped.text });
  return { ok: true };
}

export const sendSelectionCommand = command({
  id: "chatRoom.sendSelection",
  title: "Send Selection to Contact",
  icon: "selection",
  description: "Puts the selected text into the composer of a chat.",
  arguments: { name: contactArgument },
  enablement: "editorHasSelection && chatRoom.signedIn",
  menus: { editor: { group: "z_chatRoom@1", when: "editorHasSelection && chatRoom.signedIn" } },
  keybinding: { key: "ctrl+k l", when: "chatRoom.signedIn && editorTextFocus && editorHasSelection" },
  run: runSendSelection,
});

/** `chatRoom.sendSelection`: a name; asks if it is missing. Uses the selection of the text editor; returns the outcome. */
export async function runSendSelection(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const selected = app.selection();
  if (!selected.ok) return refuse(app, selected.reason);
  const found = await conversationFor(app, given, {
    title: t("Chat Room: Send Selection to Contact"),
    placeholder: t("To whom? Choose, or type a name"),
    everyone: true,
    suits: (contact) => !contact.blocked,
  });
  if (!found.ok) {
    showError(app, found);
    return found;
  }
  app.openPanel(found.conversation, found.name, { insert: selected.text });
  return { ok: true };
}

function refuse(app: AppContext, reason: string): Outcome<object> {
  const refused = failure("bad_request", reason);
  showError(app, refused);
  return refused;
}
