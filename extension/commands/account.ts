// Sign In, Create Account and Sign Out. A password goes to the daemon and, if the person agrees, to SecretStorage. It is
// never in a setting, log or message.

import type { Outcome } from "../../protocol/api/declare.ts";
import type { Account } from "../../protocol/api/model.ts";
import { daemonStatus, register, signIn, signOut } from "../../protocol/api/session.ts";
import { newPasswordComplaint, passwordComplaint, serverComplaint, userComplaint } from "../account/sign-in-inputs.ts";
import { t } from "../ui/l10n.ts";
import { forNotification, withoutIcons } from "../ui/plain-text.ts";
import { askInTurn } from "../ui/prompter-port.ts";
import type { InputRequest } from "../ui/prompter-port.ts";
import { isSet, textOf } from "./command-arguments.ts";
import { cancelled, showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { confirmedPin } from "./trust.ts";
import { command } from "./command.ts";

/** A daemon that hangs must not keep a person from signing out. */
const statusMs = 2_000;

interface Entry {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  /** Whether the person has just typed the password. */
  readonly typed: boolean;
}

/** An entry for a server whose key is trusted or was confirmed by the person. */
interface ConfirmedEntry extends Entry {
  readonly pin: string;
}

export const signInCommand = command({
  id: "chatRoom.signIn",
  title: "Sign In",
  icon: "sign-in",
  description: "Signs in to a server.",
  arguments: {
    server: { type: "text", description: "Address of the server: `host:port`, or `chat://host:port#pin`." },
    user: { type: "text", description: "User name." },
    password: { type: "text", description: "Password." },
    fresh: { type: "true", description: "Do not propose the account in use." },
  },
  run: runSignIn,
});

/**
 * `chatRoom.signIn`: `{ server?, user?, password? }`; asks for what is missing. With `fresh: true` the account in use is not
 * proposed.
 * Returns the outcome: `{ ok: true, account }` or `{ ok: false, code, reason }`.
 */
export async function runSignIn(app: AppContext, given?: unknown): Promise<Outcome<{ account: Account }>> {
  const entry = await enter(app, t("Chat Room: Sign In"), given, true);
  if (entry === undefined) return cancelled;
  const { server, user } = entry;
  const confirmed = await confirmedPin(app, server, () => runSignIn(app, { server, user }));
  return confirmed.ok ? signInWith(app, { ...entry, ...confirmed }) : confirmed;
}

export const registerCommand = command({
  id: "chatRoom.register",
  title: "Create Account",
  icon: "person-add",
  description: "Creates an account on a server and signs in with it.",
  arguments: {
    server: { type: "text", description: "Address of the server: `host:port`, or `chat://host:port#pin`." },
    user: { type: "text", description: "User name." },
    password: { type: "text", description: "Password." },
    invite: { type: "text", description: "Invitation, for a server that wants one." },
  },
  run: runRegister,
});

/**
 * `chatRoom.register`: `{ server?, user?, password?, invite? }`; asks for what is missing, for an invitation only if
 * the server requires one. Signs in with the new account.
 */
export async function runRegister(app: AppContext, given?: unknown): Promise<Outcome<{ account: Account }>> {
  const entry = await enter(app, t("Chat Room: Create Account"), given, false);
  if (entry === undefined) return cancelled;
  const { user, password } = entry;
  const confirmed = await confirmedPin(app, entry.server, () => runRegister(app, { server: entry.server, user }));
  if (!confirmed.ok) return confirmed;
  const { server, pin } = confirmed;
  const invite = textOf(given, "invite");
  const fields = { server, user, password, pin, ...(invite !== undefined && { invite }) };
  let outcome = await app.daemon.request(register, fields);
  if (!outcome.ok && outcome.code === "bad_invite" && invite === undefined) {
    const asked = await askInTurn(app.prompter, [
      {
        title: t("Chat Room: Create Account"),
        prompt: t("{0} Enter the invitation.", forNotification(outcome.reason, 300)),
      },
    ]);
    if (asked?.[0] === undefined) return cancelled;
    outcome = await app.daemon.request(register, { ...fields, invite: asked[0].trim() });
  }
  if (!outcome.ok) {
    const again = { server, ...(outcome.code !== "name_taken" && { user }) };
    showError(app, outcome, { label: t("Try Again"), run: () => runRegister(app, again) });
    return outcome;
  }
  return signInWith(app, { ...entry, server, pin });
}

export const signOutCommand = command({
  id: "chatRoom.signOut",
  title: "Sign Out",
  icon: "sign-out",
  description: "Signs out; asks if messages have not been sent yet.",
  arguments: { confirmed: { type: "true", description: "Do not ask." } },
  enablement: "chatRoom.signedIn",
  menus: { contactsTitle: { group: "4_account@3", when: "chatRoom.signedIn" } },
  run: runSignOut,
});

/**
 * `chatRoom.signOut`: asks if there are unsent messages, unless `{ confirmed: true }`. Forgets token and password;
 * the history stays on this machine.
 */
export async function runSignOut(app: AppContext, given?: unknown): Promise<Outcome<object>> {
  if (!isSet(given, "confirmed") && !(await mayLeaveUnsent(app))) return cancelled;
  const account = app.store.account ?? app.credentials.last;
  const outcome = await app.daemon.request(signOut, {});
  if (account !== undefined && !(await app.credentials.forgetPassword(account))) {
    const user = forNotification(account.user, 64);
    void app.prompter.tell(
      "warning",
      t("The remembered password of {0} could not be removed from this machine.", user),
    );
  }
  if (outcome.ok) app.prompter.mention(`$(sign-out) ${t("Signed out")}`);
  else showError(app, outcome);
  return outcome;
}

async function mayLeaveUnsent(app: AppContext): Promise<boolean> {
  const status = await app.daemon.request(daemonStatus, {}, statusMs);
  if (!status.ok || status.outbox === 0 || status.session.state === "signedOut") return true;
  return app.prompter.confirm({
    text: t("Sign out with unsent messages?"),
    detail: t(
      "Messages not sent yet: {0}. They stay on this machine and leave only after you sign in again.",
      status.outbox,
    ),
    yes: t("Sign Out"),
  });
}

async function signInWith(app: AppContext, entry: ConfirmedEntry): Promise<Outcome<{ account: Account }>> {
  const { server, user, password, pin } = entry;
  const outcome = await app.daemon.request(signIn, { server, user, password, pin });
  if (!outcome.ok) {
    if (outcome.code === "bad_credentials") await app.credentials.forgetPassword({ server, user });
    showError(app, outcome, { label: t("Try Again"), run: () => runSignIn(app, { server, user }) });
    return outcome;
  }
  await app.credentials.rememberAccount({ server, user });
  app.prompter.mention(`$(check) ${t("Signed in as {0}", withoutIcons(outcome.account.user, 64))}`);
  if (entry.typed) void offerToRemember(app, { server, user: outcome.account.user }, password);
  return outcome;
}

/** Stores the password only after an explicit yes; a person who declined is not asked again. */
async function offerToRemember(app: AppContext, account: Account, password: string): Promise<void> {
  const { credentials, prompter, store } = app;
  if ((await credentials.password(account)) === undefined) {
    if (credentials.hasDeclined(account)) return;
    const text = t(
      "Remember the password of {0} on this machine? Without it Chat Room stays signed in for 30 days; with it, it can sign in again after that.",
      forNotification(account.user, 64),
    );
    const remember = t("Remember");
    const pressed = await prompter.tell("info", text, remember, t("Don't Remember"));
    if (pressed !== remember) {
      await credentials.rememberDeclined(account);
      return;
    }
    if (store.session?.state === "signedOut") return; // signing out forgets passwords, and the question may stay open for long
  }
  if (await credentials.rememberPassword(account, password)) return;
  const user = forNotification(account.user, 64);
  void prompter.tell("warning", t("The password of {0} could not be kept: this machine stores no secrets now.", user));
}

async function enter(app: AppContext, title: string, given: unknown, known: boolean): Promise<Entry | undefined> {
  const isFresh = isSet(given, "fresh");
  const last = isFresh ? undefined : (app.store.account ?? app.credentials.last);
  const server: InputRequest = {
    title,
    prompt: t("Address of the server: host:port, or chat://host:port#pin"),
    value: last?.server ?? app.store.account?.server ?? app.settings().server,
    placeholder: "127.0.0.1:8765",
    validate: serverComplaint,
  };
  const user: InputRequest = {
    title,
    prompt: known ? t("User name") : t("User name: 1 to 64 characters, no spaces"),
    value: known ? (last?.user ?? "") : "",
    validate: userComplaint,
  };
  const validate = known ? passwordComplaint : newPasswordComplaint;
  const password: InputRequest = { title, prompt: t("Password"), password: true, validate };
  const again: InputRequest = {
    title,
    prompt: t("The same password again"),
    password: true,
    validate: (typed, before) =>
      typed === before?.at(missing.length - 1) ? undefined : t("That is another password."),
  };
  const wanted = { server, user, password };
  const said = { server: textOf(given, "server"), user: textOf(given, "user"), password: textOf(given, "password") };
  const missing = (["server", "user", "password"] as const).filter((key) => said[key] === undefined);
  const questions = missing.map((key) => wanted[key]);
  // Only the server's operator can set another password: a typo would lose the account.
  if (!known && missing.includes("password")) questions.push(again);
  const typed = await askInTurn(app.prompter, questions);
  if (typed === undefined) return undefined;
  const value = (key: "server" | "user" | "password"): string => said[key] ?? typed[missing.indexOf(key)] ?? "";
  return {
    server: value("server").trim(),
    user: value("user").trim(),
    password: value("password"),
    typed: missing.includes("password"),
  };
}
