// Invite People: gets an invitation from the server, as a link that opens VS Code and fills in everything except name and
// password.

import type { Outcome } from "../../protocol/api/declare.ts";
import { makeInvitation } from "../../protocol/api/session.ts";
import { displayLanguage, t } from "../ui/l10n.ts";
import { command } from "./command.ts";
import { numberOf } from "./command-arguments.ts";
import { showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { runCopyServerAddress } from "./this-machine.ts";

export const inviteCommand = command({
  id: "chatRoom.invite",
  title: "Invite People",
  icon: "person-add",
  description: "Copies an invitation link to the server, if members may invite.",
  arguments: {
    uses: { type: "number", description: "For how many accounts; 1 by default." },
    days: { type: "number", description: "For how many days; 7 by default." },
  },
  enablement: "chatRoom.state == connected",
  palette: "chatRoom.state == connected",
  menus: { contactsTitle: { group: "1_people@5", when: "chatRoom.state == connected" } },
  late: true,
  run: runInvite,
});

/**
 * `chatRoom.invite`: `{ uses?, days? }`, by default one account and 7 days. Copies the link to the clipboard. Returns the
 * outcome.
 */
export async function runInvite(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  const [uses, days] = [numberOf(given, "uses"), numberOf(given, "days")];
  const made = await app.daemon.request(makeInvitation, {
    ...(uses !== undefined && { uses }),
    ...(days !== undefined && { days }),
  });
  if (!made.ok) {
    const address = { label: t("Copy Server Address"), run: () => runCopyServerAddress(app) };
    showError(app, made, made.code === "denied" ? address : undefined);
    return made;
  }
  await app.copy(made.link);
  const until = new Date(made.expiresAtMs).toLocaleString(displayLanguage(), {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const copied =
    made.uses === 1
      ? t("Copied an invitation link for one account, good until {0}. Send it by a way that you trust.", until)
      : t(
          "Copied an invitation link for {0} accounts, good until {1}. Send it by a way that you trust.",
          made.uses,
          until,
        );
  const here = t("The server’s address in it is this machine itself: others need the one that they reach it by.");
  void app.prompter.tell("info", made.local ? `${copied} ${here}` : copied);
  return made;
}
