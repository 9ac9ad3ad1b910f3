// Join with Invitation: from a pasted link, or one opened outside VS Code. Shows where it leads and asks; only then
// continues to Create Account or Sign In with what the link fills in. Never acts by itself.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import { formatPin } from "../../protocol/pin.ts";
import { hostOf, pinOf } from "../account/sign-in-inputs.ts";
import { cautionsOf, readInvitation, readInvitationQuery } from "../account/join-link.ts";
import type { Invitation, InvitationRead } from "../account/join-link.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import { runRegister, runSignIn } from "./account.ts";
import { textOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

export const joinCommand = command({
  id: "chatRoom.join",
  title: "Join with Invitation",
  icon: "mail",
  description: "Creates an account or signs in, with what an invitation link fills in.",
  arguments: { link: { type: "text", alone: true, description: "Invitation link." } },
  menus: { contactsTitle: { group: "2_server@1" } },
  run: runJoin,
});

/** `chatRoom.join`: the link, or `{ link }`; asks for it if it is missing. Returns the same as `chatRoom.signIn`. */
export async function runJoin(app: AppContext, given?: unknown): Promise<Outcome<{ account: Account }>> {
  const link = typeof given === "string" ? given : (textOf(given, "link") ?? (await askedLink(app)));
  if (link === undefined) return cancelled;
  return joinWith(app, readInvitation(link));
}

/** Handles a link that the system passed to VS Code. @param query decoded */
export function joinFromLink(app: AppContext, query: string): Promise<Outcome<{ account: Account }>> {
  return joinWith(app, readInvitationQuery(query));
}

async function joinWith(app: AppContext, read: InvitationRead): Promise<Outcome<{ account: Account }>> {
  if (!read.ok) {
    const refused = failure("bad_invite", read.reason);
    showError(app, refused, { label: t("Try Again"), run: () => runJoin(app) });
    return refused;
  }
  const [create, have] = [t("Create Account"), t("I Have an Account")];
  const pressed = await app.prompter.decide({
    text: t("Join the chat server at {0}?", forNotification(hostOf(read.server), 200)),
    detail: detailOf(app, read),
    buttons: [create, have],
  });
  if (pressed === undefined) return cancelled;
  const { server, invite } = read;
  if (pressed === have) return runSignIn(app, { server });
  return runRegister(app, { server, ...(invite !== undefined && { invite }) });
}

function detailOf(app: AppContext, invitation: Invitation): string {
  const pin = pinOf(invitation.server);
  const address = forNotification(invitation.server.replace(/#.*$/u, ""), 300);
  const lines = [
    t("Address: {0}", address),
    pin === undefined ? "" : t("Key of the server: {0}", formatPin(pin)),
    invitation.invite === undefined ? "" : t("An invitation comes with the link."),
    ...cautionsOf(invitation, app.store.account?.server),
    t("Go on only if you expect this from whoever runs that server. Nothing has been sent to it yet."),
  ];
  return lines.filter((line) => line !== "").join("\n\n");
}

async function askedLink(app: AppContext): Promise<string | undefined> {
  const validate = (text: string): string | undefined => {
    const read = readInvitation(text);
    return read.ok ? undefined : read.reason;
  };
  const asked = await askInTurn(app.prompter, [
    {
      title: t("Chat Room: Join with Invitation"),
      prompt: t("Paste the invitation link that you were sent"),
      placeholder: "vscode://chat-room.chat-room/join?server=…&invite=…",
      validate,
    },
  ]);
  return asked?.[0];
}
