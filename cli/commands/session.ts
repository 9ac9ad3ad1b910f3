// status, login, logout, stop.

import { daemonStatus, register, signIn, signOut, stopDaemon } from "../../protocol/api/session.ts";
import type { ResultOf } from "../../protocol/api/declare.ts";
import type { SessionState } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import { defaultServer } from "../../protocol/server-address.ts";
import type { CliCommand, Context } from "./command-context.ts";
import { formatTime, plainLines, plainName } from "../terminal/output.ts";
import { confirmedPin } from "./trust.ts";

export const status: CliCommand = async ({ connectOnly, output }) => {
  const daemon = await connectOnly();
  if (!daemon) {
    output.result("The daemon does not run.", { running: false });
    return 0;
  }
  const found = await daemon.request(daemonStatus, {});
  if (!found.ok) return output.refused(found);
  const lines = [
    describeSession(found.session),
    `Unread: ${unreadWords(found)}   In the outbox: ${found.outbox}   Windows: ${found.windows}`,
    ...describeWaiting(found),
    ...(found.hostedServer === undefined ? [] : [`Server on this machine: ${found.hostedServer}`]),
    `Daemon ${found.pid}, version ${found.version}, files in ${found.home}`,
  ];
  output.result(lines.map(plainLines).join("\n"), { running: true, ...found, ok: undefined });
  return 0;
};

function unreadWords({ unread, unreadMuted: muted = 0 }: { unread: number; unreadMuted?: number }): string {
  return muted === 0 ? String(unread) : `${unread} (and ${muted} in muted conversations)`;
}

export const login: CliCommand = async (context) => {
  const { connect, output, options } = context;
  const daemon = await connect();
  const known = await daemon.request(daemonStatus, {});
  const account = known.ok && "account" in known.session ? known.session.account : undefined;
  const credentials = await askCredentials(context, account?.server ?? defaultServer, account?.user);
  if (typeof credentials === "string") {
    output.failure({ code: "bad_request", reason: credentials });
    return 2;
  }
  const confirmed = await confirmedPin(context, daemon, credentials.server);
  if (!confirmed.ok) return output.refused(confirmed);
  const { pin } = confirmed;
  if (options.register) {
    const invite = options.invite === undefined ? {} : { invite: options.invite };
    const made = await daemon.request(register, { ...credentials, ...invite, pin });
    if (!made.ok) return output.refused(made);
  }
  const signed = await daemon.request(signIn, { ...credentials, pin });
  if (!signed.ok) return output.refused(signed);
  output.result(`Signed in as ${plainName(signed.account.user)} at ${signed.account.server}.`, {
    account: signed.account,
  });
  return 0;
};

export const logout: CliCommand = async ({ connect, output }) => {
  const daemon = await connect();
  const before = await daemon.request(daemonStatus, {});
  const outcome = await daemon.request(signOut, {});
  if (!outcome.ok) return output.refused(outcome);
  const unsent = before.ok ? before.outbox : 0;
  const kept = unsent === 0 ? "" : ` Not sent yet: ${unsent}. They stay here, and leave after the next login.`;
  output.result(`Signed out.${kept}`, { ok: true, unsent });
  return 0;
};

export const stop: CliCommand = async ({ connectOnly, untilDaemonEnded, output }) => {
  const daemon = await connectOnly();
  if (!daemon) {
    output.result("The daemon does not run.", { wasRunning: false });
    return 0;
  }
  const outcome = await daemon.request(stopDaemon, {});
  if (!outcome.ok) return output.refused(outcome);
  await daemon.closed;
  if (!(await untilDaemonEnded())) return output.refused(stillEnding);
  output.result("The daemon has ended.", { wasRunning: true });
  return 0;
};

const stillEnding = failure(
  "busy",
  "The daemon was told to end, and still stores what it has, or ends the server on this machine. Look again in a minute: " +
    "chat-room status.",
);

/** @returns what is missing, as a sentence, where nobody can be asked */
async function askCredentials(
  { options, terminal }: Context,
  server: string,
  user: string | undefined,
): Promise<{ server: string; user: string; password: string } | string> {
  const canAsk = terminal.interactive && !options.passwordStdin;
  if (!options.passwordStdin && !terminal.interactive) {
    return "Give the password with --password-stdin where there is no terminal.";
  }
  const chosenServer = options.server ?? (canAsk ? await terminal.ask(`Server [${server}]: `) : "");
  const hint = user === undefined ? "" : ` [${user}]`;
  const chosenUser = (options.user ?? (canAsk ? await terminal.ask(`User${hint}: `) : "")) || user;
  if (chosenUser === undefined) return "Give the user name with --user.";
  const password = options.passwordStdin ? await terminal.readAll() : await terminal.askSecret("Password: ");
  if (password === undefined) return "The password is not UTF-8.";
  if (password === "") return "The password is empty.";
  return { server: chosenServer === "" ? server : chosenServer, user: chosenUser, password };
}

function describeWaiting({
  session,
  waiting = [],
  triedUntilMs,
}: Pick<ResultOf<typeof daemonStatus>, "session" | "waiting" | "triedUntilMs">): string[] {
  if (waiting.length === 0) return [];
  const names = waiting
    .map(({ name, messages }) => `${name === "" ? "everyone" : plainName(name)} (${messages})`)
    .join(", ");
  const when =
    session.state === "signedOut"
      ? "sent after the next sign-in"
      : triedUntilMs === undefined
        ? "tried while a window or a command uses the daemon"
        : `tried until ${formatTime(triedUntilMs)}, also without a window`;
  return [`Waiting to be sent, to ${names}: ${when}`];
}

function describeSession(session: SessionState): string {
  switch (session.state) {
    case "signedOut":
      return session.reason === undefined ? "Not signed in." : `Not signed in: ${session.reason}`;
    case "connecting":
      if (session.opening === true)
        return `Reading the history of ${plainName(session.account.user)} at ${session.account.server}.`;
      return `Connecting to ${session.account.server} as ${plainName(session.account.user)}.`;
    case "connected":
      return `Signed in as ${plainName(session.account.user)} at ${session.account.server}.`;
    case "unreachable":
      return `Signed in as ${plainName(session.account.user)}, but without a connection: ${session.reason}`;
  }
}
