// doctor: looks at every part between this machine and the other people and says in plain words what it found. Holds no
// password, token, message or contact, so that it can be shown to others.

import { homedir } from "node:os";
import { sep } from "node:path";
import { consents } from "../../protocol/api/direct.ts";
import type { SessionState } from "../../protocol/api/model.ts";
import { daemonStatus, inspectServer } from "../../protocol/api/session.ts";
import { programBuild, programVersion } from "../../base/version.ts";
import { formatPin } from "../../protocol/pin.ts";
import type { CliCommand } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { formatTime, plainLines } from "../terminal/output.ts";

interface Finding {
  readonly verdict: "ok" | "note" | "problem";
  readonly part: string;
  readonly words: string;
}

/** Ends with 1 where something is a problem. */
export const doctor: CliCommand = async ({ connect, output }) => {
  const client = await connect();
  const session = await client.settledSession();
  if ("ok" in session) return output.refused(session);
  const findings = [
    ...(await daemon(client)),
    signIn(session),
    ...(await server(client, session.account?.server)),
    ...(await direct(client)),
  ];
  const shown = findings.map((each) => ({ ...each, words: withoutHome(each.words) }));
  const lines = shown.map(({ verdict, part, words }) => `${verdict.padEnd(7)}  ${part}: ${plainLines(words)}`);
  const well = findings.every(({ verdict }) => verdict !== "problem");
  output.result(lines.join("\n"), { ok: well, findings: shown });
  return well ? 0 : 1;
};

/** The name of a person's folder is often theirs. */
function withoutHome(words: string): string {
  const home = homedir();
  return home.length > 1 ? words.replaceAll(`${home}${sep}`, `~${sep}`) : words;
}

async function daemon(client: DaemonConnection): Promise<Finding[]> {
  const part = "Daemon";
  const status = await client.request(daemonStatus, {});
  if (!status.ok) return [{ verdict: "problem", part, words: status.reason }];
  const { version, build, home, outbox, windows, hostedServer, hostedTrouble, triedUntilMs, notes = [] } = status;
  const running = `Version ${version} (build ${build}), in ${home}. Windows: ${windows}. Waiting to be sent: ${outbox}.`;
  const until = triedUntilMs === undefined ? "" : ` Tried until ${formatTime(triedUntilMs)}, also without a window.`;
  const other =
    build >= programBuild
      ? ""
      : ` It is older than this command line (version ${programVersion}): chat-room stop ends it, and the next command ` +
        "starts the newer one.";
  const server = "Server on this machine";
  return [
    { verdict: other === "" ? "ok" : "note", part, words: running + until + other },
    ...notes.map((words): Finding => ({ verdict: "note", part: "Files", words })),
    ...(hostedServer === undefined ? [] : [{ verdict: "ok" as const, part: server, words: hostedServer }]),
    ...(hostedTrouble === undefined ? [] : [{ verdict: "problem" as const, part: server, words: hostedTrouble }]),
  ];
}

function signIn(session: SessionState): Finding {
  const part = "Sign-in";
  switch (session.state) {
    case "connected":
      return { verdict: "ok", part, words: `Signed in at ${session.account.server}.` };
    case "connecting":
      return { verdict: "note", part, words: `Connecting to ${session.account.server}.` };
    case "unreachable":
      return { verdict: "problem", part, words: session.reason };
    case "signedOut":
      return { verdict: "problem", part, words: session.reason ?? "Not signed in. Run chat-room login." };
  }
}

async function server(client: DaemonConnection, address: string | undefined): Promise<Finding[]> {
  if (address === undefined) return [{ verdict: "note", part: "Server", words: "None was used here yet." }];
  const seen = await client.request(inspectServer, { server: address });
  if (!seen.ok) return [{ verdict: "problem", part: "Server", words: seen.reason }];
  const shown = `It shows the key ${formatPin(seen.pin)}.`;
  const key: Record<typeof seen.trust, Omit<Finding, "part">> = {
    trusted: { verdict: "ok", words: `Trusted. ${shown}` },
    unknown: { verdict: "note", words: `Not trusted yet: login asks about it. ${shown}` },
    changed: { verdict: "problem", words: `Another key than before: chat-room trust compares them. ${shown}` },
    mismatch: { verdict: "problem", words: `Another key than its address names: ask whoever runs it. ${shown}` },
  };
  return [
    { verdict: "ok", part: "Server", words: `${seen.server} answers.` },
    { part: "Key of the server", ...key[seen.trust] },
  ];
}

async function direct(client: DaemonConnection): Promise<Finding[]> {
  const allowed = await client.request(consents, {});
  if (!allowed.ok) return [];
  return [{ verdict: "ok", part: "Talking directly", words: `Always allowed devices: ${allowed.consents.length}.` }];
}
