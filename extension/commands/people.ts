// Block User, Unblock User, and (from menus) Mute and Unmute.

import type { Outcome } from "../../protocol/api/declare.ts";
import { blockUser, mute, unblockUser } from "../../protocol/api/session.ts";
import { t } from "../ui/l10n.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import { agreed } from "./confirm.ts";
import { isRow, targetOf } from "./command-arguments.ts";
import { cancelled, conversationFor, showError, nameFor } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";

/**
 * `chatRoom.block`: a name or `{ name }`, which are blocked at once; a row of Contacts, or nothing, where the person is
 * asked. Answers the outcome.
 */
export async function runBlock(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Block User"),
    placeholder: t("Who may not write to you any more? Choose, or type a name"),
    suits: (contact) => !contact.blocked,
  });
  if (user === undefined) return cancelled;
  const isSaid = targetOf(given) !== undefined && !isRow(given);
  return isSaid || (await agreedToBlock(app, [user])) ? blockNow(app, user) : cancelled;
}

/** Once for all whom a person selected. */
export async function agreedToBlock(app: AppContext, names: readonly string[]): Promise<boolean> {
  const [only] = names;
  const who = names.length === 1 && only !== undefined ? withoutIcons(only, 64) : t("{0} people", names.length);
  return agreed(app, {
    title: t("Block {0}?", who),
    yes: t("Block {0}", who),
    detail: t("What they write to you is refused, and they are told so. Unblock User takes it back."),
    icon: "circle-slash",
  });
}

async function blockNow(app: AppContext, user: string): Promise<Outcome<object>> {
  const outcome = await app.daemon.request(blockUser, { user });
  if (outcome.ok) app.prompter.mention(`$(circle-slash) ${t("Blocked {0}", withoutIcons(user, 64))}`);
  else showError(app, outcome);
  return outcome;
}

/** `chatRoom.unblock`: a name, `{ name }`, or a row of Contacts. Answers the outcome. */
export async function runUnblock(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const user = await nameFor(app, given, {
    title: t("Chat Room: Unblock User"),
    placeholder: t("Who may write to you again? Choose, or type a name"),
    suits: (contact) => contact.blocked,
  });
  if (user === undefined) return cancelled;
  const outcome = await app.daemon.request(unblockUser, { user });
  if (outcome.ok) app.prompter.mention(`$(check) ${t("Unblocked {0}", withoutIcons(user, 64))}`);
  else showError(app, outcome);
  return outcome;
}

/** `chatRoom.mute` and `chatRoom.unmute`: as `chatRoom.openChat`. Answers the outcome. */
export async function runMute(app: AppContext, given: unknown, muted: boolean): Promise<Outcome<object>> {
  const found = await conversationFor(app, given, {
    title: muted ? t("Chat Room: Mute") : t("Chat Room: Unmute"),
    placeholder: muted ? t("Whose messages may not notify you?") : t("Whose messages may notify you again?"),
    everyone: true,
    suits: (contact) => contact.muted !== muted,
  });
  const outcome = found.ok ? await app.daemon.request(mute, { conversation: found.conversation, muted }) : found;
  if (!outcome.ok) showError(app, outcome);
  return outcome;
}
