// Several accounts on this machine: Switch Account, Sign In Here after a sign-in elsewhere, and the menu of the status bar.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import { accounts, switchAccount } from "../../protocol/api/conversation.ts";
import { t } from "../ui/l10n.ts";
import { withoutIcons } from "../ui/plain-text.ts";
import { runSignIn, runSignOut } from "./account.ts";
import { textOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { runDoctor } from "./doctor.ts";
import { runNextUnread, runSearch } from "./find.ts";
import { runSetStatus } from "./status.ts";
import { runOpenChat } from "./messages.ts";
import { command } from "./command.ts";

export const switchAccountCommand = command({
  id: "chatRoom.switchAccount",
  title: "Switch Account",
  icon: "account",
  description: "Continues as another account of this machine.",
  arguments: {
    server: { type: "text", description: "Address of the server: `host:port`, or `chat://host:port#pin`." },
    user: { type: "text", description: "User name." },
  },
  menus: { contactsTitle: { group: "4_account@2", when: "chatRoom.state != down" } },
  run: runSwitchAccount,
});

/** `chatRoom.switchAccount`: `{ server, user }`; asks if it is missing. Returns `{ ok: true, account }` or the refusal. */
export async function runSwitchAccount(app: AppContext, given?: unknown): Promise<Outcome<{ account: Account }>> {
  const server = textOf(given, "server");
  const user = textOf(given, "user");
  if (server !== undefined && user !== undefined) return switchTo(app, { server, user });
  const known = await app.daemon.request(accounts, {});
  if (!known.ok) {
    showError(app, known);
    return known;
  }
  const chosen = await app.prompter.choose<Account | "other">({
    title: t("Chat Room: Switch Account"),
    placeholder: t("Which account?"),
    choices: [
      ...known.accounts.map(({ account, current, signedIn }) => ({
        label: withoutIcons(account.user, 64),
        description: withoutIcons(account.server, 200),
        ...(current ? { detail: t("in use") } : !signedIn && { detail: t("asks for the password") }),
        icon: current ? "check" : "account",
        value: account,
      })),
      { label: t("Sign In with Another Account…"), icon: "sign-in", value: "other" as const },
    ],
  });
  if (chosen === undefined) return cancelled;
  return chosen === "other" ? runSignIn(app, { fresh: true }) : switchTo(app, chosen);
}

export const signInHereCommand = command({
  id: "chatRoom.signInHere",
  title: "Sign In Here",
  icon: "sign-in",
  description: "Signs in again after a sign-in at another place has ended the session.",
  enablement: "chatRoom.state == elsewhere",
  palette: "chatRoom.state == elsewhere",
  run: runSignInHere,
});

/** `chatRoom.signInHere`: after a sign-in elsewhere; uses the stored password, or asks for it. */
export async function runSignInHere(app: AppContext): Promise<Outcome<{ account: Account }>> {
  const account = app.store.account ?? app.credentials.last;
  if (account === undefined) return runSignIn(app);
  const password = await app.credentials.password(account);
  return runSignIn(app, { ...account, ...(password !== undefined && { password }) });
}

export const menuCommand = command({
  id: "chatRoom.menu",
  title: "Show Menu",
  icon: "menu",
  description: "Lists what is used most, as a click on the status bar does.",
  run: runMenu,
});

/** `chatRoom.menu` (status bar): the most used actions, without leaving the editor. */
export async function runMenu(app: AppContext): Promise<void> {
  const chosen = await app.prompter.choose<(app: AppContext) => unknown>({
    title: "Chat Room",
    placeholder:
      app.store.account === undefined
        ? ""
        : withoutIcons(`${app.store.account.user} · ${app.store.account.server}`, 200),
    choices: [
      { label: t("Open Chat"), icon: "comment-discussion", value: (at: AppContext) => runOpenChat(at) },
      { label: t("Go to Next Unread"), icon: "arrow-down", value: runNextUnread },
      { label: t("Search Messages"), icon: "search", value: (at: AppContext) => runSearch(at) },
      { label: t("Set Status"), icon: "circle-large-filled", value: (at: AppContext) => runSetStatus(at) },
      { label: t("Switch Account"), icon: "account", value: (at: AppContext) => runSwitchAccount(at) },
      { label: t("Diagnose Connection"), icon: "pulse", value: runDoctor },
      { label: t("Sign Out"), icon: "sign-out", value: (at: AppContext) => runSignOut(at) },
    ],
  });
  await chosen?.(app);
}

async function switchTo(app: AppContext, wanted: Account): Promise<Outcome<{ account: Account }>> {
  const outcome = await app.daemon.request(switchAccount, { account: wanted });
  if (outcome.ok) {
    await app.credentials.rememberAccount(outcome.account);
    app.prompter.mention(`$(account) ${t("Now {0}", withoutIcons(outcome.account.user, 64))}`);
    return outcome;
  }
  if (outcome.code !== "not_authenticated") {
    showError(app, outcome);
    return outcome;
  }
  const password = await app.credentials.password(wanted);
  return runSignIn(app, { ...wanted, ...(password !== undefined && { password }) });
}
