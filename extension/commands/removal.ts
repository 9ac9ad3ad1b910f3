// Delete Conversation: deletes everything that this machine stores of a conversation, after a question that says so.

import { isEveryone } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { deleteConversation } from "../../protocol/api/removal.ts";
import { everyoneName } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { cancelled, conversationFor, showError, wrongAccount, watchAccount } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { contactArgument } from "./command-arguments.ts";

/** Overwriting a long conversation takes a while. */
const deadlineMs = 15 * 60_000;

export const deleteConversationCommand = command({
  id: "chatRoom.deleteConversation",
  title: "Delete Conversation",
  icon: "trash",
  description: "Deletes a conversation on this machine; always asks.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.readable",
  menus: { contact: { group: "4_delete@1", when: "viewItem =~ /^(person|everyone)\\./ && !listMultiSelection" } },
  late: true,
  run: runDeleteConversation,
});

/** `chatRoom.deleteConversation`: as `chatRoom.openChat`; always asks. Returns the outcome. */
export async function runDeleteConversation(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const isSameAccount = watchAccount(app);
  const found = await conversationFor(app, given, {
    title: t("Chat Room: Delete Conversation"),
    placeholder: t("Whose messages shall be deleted on this machine?"),
    everyone: true,
    suits: (contact) => contact.lastAtMs !== undefined,
  });
  if (!found.ok) {
    showError(app, found);
    return found;
  }
  const { conversation } = found;
  const name = isEveryone(conversation) ? everyoneName() : forNotification(found.name, 64);
  const yes = await app.prompter.confirm(
    isEveryone(conversation)
      ? {
          text: t("Delete everything that was sent to everyone, on this machine?"),
          detail: t(
            "All of these messages are deleted here, with the draft and what was not sent yet. They cannot be brought back. Others keep theirs, and what is sent later arrives as usual.",
          ),
          yes: t("Delete"),
        }
      : {
          text: t("Delete the conversation with {0} on this machine?", name),
          detail: t(
            "All messages with {0} are deleted here, with the draft and what was not sent yet. They cannot be brought back. {0} keeps theirs, and what is sent later arrives as usual.",
            name,
          ),
          yes: t("Delete"),
        },
  );
  if (!yes) return cancelled;
  const outcome = isSameAccount()
    ? await app.prompter.busy(t("Deleting the conversation…"), () =>
        app.daemon.request(deleteConversation, { conversation }, deadlineMs),
      )
    : wrongAccount();
  if (!outcome.ok) {
    showError(app, outcome);
    return outcome;
  }
  app.prompter.mention(`$(trash) ${t("Deleted the conversation with {0}", withoutIcons(name, 64))}`);
  if ("remains" in outcome && outcome.remains.length > 0) {
    const files = outcome.remains.map((file) => forNotification(file, 200)).join(", ");
    void app.prompter.tell("warning", t("Other files of this account may hold it still: {0}", files));
  }
  return outcome;
}
