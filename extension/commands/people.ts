// Block User, Unblock User, and (from menus) Mute and Unmute.

import type { Outcome } from "../../protocol/api/declare.ts";
import { blockUser, mute, unblockUser } from "../../protocol/api/session.ts";
import { t } from "../ui/l10n.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import { agreed } from "./confirm.ts";
import { contactArgument, isRow, targetOf } from "./command-arguments.ts";
import { cancelled, conversationFor, showError, nameFor } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";
import { forEachPerson, forEachSelected } from "./selected-contacts.ts";

export const blockCommand = command({
  id: "chatRoom.block",
  title: "Block User",
  icon: "circle-slash",
  description: "Refuses what a person writes to you; asks if no name is given.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: { contact: { group: "3_quiet@2", when: "viewItem =~ /^person\\.welcome\\./" } },
  run: forEachPerson(runBlock, agreedToBlock),
});

/**
 * `chatRoom.block`: a name or `{ name }`, which are blocked at once; for a row of Contacts, or nothing, the person is
 * asked. Returns the outcome.
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

/** Asks once for everyone whom the person has selected. */
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

export const unblockCommand = command({
  id: "chatRoom.unblock",
  title: "Unblock User",
  icon: "pass",
  description: "Takes a block back.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: [
      { group: "inline@1", when: "viewItem =~ /^person\\.blocked\\./" },
      { group: "3_quiet@2", when: "viewItem =~ /^person\\.blocked\\./" },
    ],
  },
  run: forEachPerson(runUnblock),
});

/** `chatRoom.unblock`: a name, `{ name }`, or a row of Contacts. Returns the outcome. */
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

export const muteCommand = command({
  id: "chatRoom.mute",
  title: "Mute",
  icon: "bell-slash",
  description: "Stops notifications of a conversation.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: [
      { group: "inline@3", when: "viewItem =~ /^(person\\.welcome|everyone\\.welcome)\\.audible\\./" },
      { group: "3_quiet@1", when: "viewItem =~ /\\.audible\\./" },
    ],
  },
  run: forEachSelected((app, given) => runMute(app, given, true)),
});

export const unmuteCommand = command({
  id: "chatRoom.unmute",
  title: "Unmute",
  icon: "bell",
  description: "Turns notifications of a conversation on again.",
  arguments: { name: contactArgument },
  enablement: "chatRoom.signedIn",
  menus: {
    contact: [
      { group: "inline@1", when: "viewItem =~ /\\.muted\\./" },
      { group: "3_quiet@1", when: "viewItem =~ /\\.muted\\./" },
    ],
  },
  run: forEachSelected((app, given) => runMute(app, given, false)),
});

/** `chatRoom.mute` and `chatRoom.unmute`: as `chatRoom.openChat`. Returns the outcome. */
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
