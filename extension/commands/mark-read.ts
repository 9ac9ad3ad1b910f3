// Mark as Read and Mark All as Read: for conversations that a person does not want to open.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { markRead } from "../../protocol/conversations/kinds/read-mark.ts";
import { t } from "../ui/l10n.ts";
import { conversationFor, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { forEachSelected } from "./selected-contacts.ts";
import { contactArgument } from "./command-arguments.ts";

/** Everything that has arrived; the daemon limits it to what there is. */
const upTo = Number.MAX_SAFE_INTEGER;

export const markReadCommand = command({
  id: "chatRoom.markRead",
  title: "Mark as Read",
  icon: "mail-read",
  description: "Marks a conversation as read without opening it.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.readable",
  menus: {
    contact: [
      { group: "inline@2", when: "viewItem =~ /\\.unread\\./" },
      { group: "1_talk@4", when: "viewItem =~ /\\.unread\\./" },
    ],
  },
  run: forEachSelected(runMarkRead),
});

/** `chatRoom.markRead`: as `chatRoom.openChat`. Returns the outcome. */
export async function runMarkRead(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const found = await conversationFor(app, given, {
    title: t("Chat Room: Mark as Read"),
    placeholder: t("Whose messages have you read?"),
    everyone: true,
    suits: isUnread,
  });
  const outcome = found.ok ? await app.daemon.request(markRead, { conversation: found.conversation, upTo }) : found;
  if (!outcome.ok) showError(app, outcome);
  return outcome;
}

export const markAllReadCommand = command({
  id: "chatRoom.markAllRead",
  title: "Mark All as Read",
  icon: "mail-read",
  description: "Marks all conversations as read.",
  enablement: "chatRoom.readable",
  run: runMarkAllRead,
});

/** `chatRoom.markAllRead`: no arguments. Includes muted conversations. Returns the first refusal, or success. */
export async function runMarkAllRead(app: AppContext): Promise<Outcome<object>> {
  const unread = app.store.contacts.filter(isUnread);
  const outcomes = await Promise.all(
    unread.map(({ conversation }) => app.daemon.request(markRead, { conversation, upTo })),
  );
  const refused = outcomes.find((each) => !each.ok);
  if (refused) showError(app, refused);
  else app.prompter.mention(`$(check) ${t("Everything is read")}`);
  return refused ?? { ok: true };
}

function isUnread(contact: Contact): boolean {
  return contact.unread > 0;
}
