// status, login, logout, stop.

import { daemonStatus, register, signIn, signOut, stopDaemon } from "../../protocol/api/session.ts";
import type { Outcome, ResultOf } from "../../protocol/api/declare.ts";
import type { SessionState } from "../../protocol/api/model.ts";
import { failure } from "../../protocol/errors.ts";
import { defaultServer } from "../../protocol/server-address.ts";
import type { CliCommand, Context } from "./command-context.ts";
import { askCredentials } from "./credentials.ts";
import type { Credentials } from "./credentials.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
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
    ...describePresence(found),
    `Unread: ${unreadText(found)}   In the outbox: ${found.outbox}   Windows: ${found.windows}`,
    ...describeWaiting(found),
    ...(found.hostedServer === undefined ? [] : [`Server on this machine: ${found.hostedServer}`]),
    `Daemon ${found.pid}, version ${found.version}, files in ${found.home}`,
  ];
  output.result(lines.map(plainLines).join("\n"), { running: true, ...found, ok: undefined });
  return 0;
};

function unreadText({ unread, unreadMuted: muted = 0 }: { unread: number; unreadMuted?: number }): string {
  return muted === 0 ? String(unread) : `${unread} (and ${muted} in muted conversations)`;
}

export const login: CliCommand = async (context) => {
  const { connect, output, options } = context;
  const daemon = await connect();
  const known = await daemon.request(daemonStatus, {});
  const account = known.ok && "account" in known.session ? known.session.account : undefined;
  const asked = await askCredentials(context, account?.server ?? defaultServer, account?.user);
  if (typeof asked === "string") {
    output.failure({ code: "bad_request", reason: asked });
    return 2;
  }
  const { invite, ...credentials } = asked;
  const confirmed = await confirmedPin(context, daemon, credentials.server);
  if (!confirmed.ok) return output.refused(confirmed);
  const { pin } = confirmed;
  if (options.register) {
    const made = await makeAccount(context, daemon, { ...credentials, pin }, invite);
    if (!made.ok) return output.refused(made);
  }
  const signed = await daemon.request(signIn, { ...credentials, pin });
  if (!signed.ok) return output.refused(signed);
  output.result(`Signed in as ${plainName(signed.account.user)} at ${signed.account.server}.`, {
    account: signed.account,
  });
  return 0;
};

/** Registers. Asks for the invitation only if the server requires one. */
async function makeAccount(
  { options, terminal }: Context,
  daemon: DaemonConnection,
  account: Omit<Credentials, "invite"> & { readonly pin: string },
  invite: string | undefined,
): Promise<Outcome<ResultOf<typeof register>>> {
  const made = await daemon.request(register, { ...account, ...(invite !== undefined && { invite }) });
  if (made.ok || made.code !== "bad_invite" || invite !== undefined) return made;
  if (!terminal.interactive || options.passwordStdin) return { ...made, reason: `${made.reason} ${howToInvite}` };
  const asked = (await terminal.ask(`${made.reason}\nInvitation: `)).trim();
  return asked === "" ? made : await daemon.request(register, { ...account, invite: asked });
}

const howToInvite = "Give it with --invite-stdin.";

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

/** Describes the presence as the person's status. */
function describePresence({
  session,
  ownPresence,
}: Pick<ResultOf<typeof daemonStatus>, "session" | "ownPresence">): string[] {
  if (session.state === "signedOut" || !ownPresence) return [];
  const { state, text, untilMs } = ownPresence;
  const words = text === undefined ? presenceTexts[state] : `${presenceTexts[state]} (${text})`;
  return [`Your status: ${words}${untilMs === undefined ? "" : `, until ${formatTime(untilMs)}`}`];
}

const presenceTexts = { available: "available", away: "away", dnd: "do not disturb" } as const;

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
