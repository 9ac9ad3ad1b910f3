// doctor: looks at every part between this machine and the other people and says in plain words what it found. Holds no
// password, token, message or contact, so that it can be shown to others.

import { homedir } from "node:os";
import { sep } from "node:path";
import { programBuild, programVersion } from "../../base/version.ts";
import { diagnose } from "../../client/diagnose.ts";
import type { Finding } from "../../client/diagnose.ts";
import type { SessionState } from "../../protocol/api/model.ts";
import { formatPin } from "../../protocol/pin.ts";
import type { CliCommand } from "./command-context.ts";
import { formatTime, plainLines } from "../terminal/output.ts";

interface Drawn {
  readonly part: string;
  readonly words: string;
}

/** Ends with 1 where something is a problem. */
export const doctor: CliCommand = async ({ connect, output }) => {
  const client = await connect();
  const session = await client.settledSession();
  if ("ok" in session) return output.refused(session);
  const findings = await diagnose(client, {
    build: programBuild,
    version: undefined,
    reached: () => true,
    session: () => session,
    server: () => session.account?.server,
    signedOut: "problem",
    direct: undefined,
  });
  const shown = findings.flatMap((finding) => {
    const drawn = draw(finding);
    return drawn ? [{ verdict: finding.level, part: drawn.part, words: withoutHome(drawn.words) }] : [];
  });
  const lines = shown.map(({ verdict, part, words }) => `${verdict.padEnd(7)}  ${part}: ${plainLines(words)}`);
  const well = shown.every(({ verdict }) => verdict !== "problem");
  output.result(lines.join("\n"), { ok: well, findings: shown });
  return well ? 0 : 1;
};

/** The name of a person's folder is often theirs. */
function withoutHome(words: string): string {
  const home = homedir();
  return home.length > 1 ? words.replaceAll(`${home}${sep}`, `~${sep}`) : words;
}

/** @returns undefined where another part says it already */
function draw(finding: Finding): Drawn | undefined {
  switch (finding.code) {
    case "daemonFailed":
      return { part: "Daemon", words: finding.reason };
    case "daemon":
      return { part: "Daemon", words: daemonWords(finding) };
    case "storage":
    case "waiting":
      return undefined;
    case "fileTrouble":
      return { part: "Files", words: finding.reason };
    case "hostedServer":
      return { part: "Server on this machine", words: finding.address };
    case "hostedTrouble":
      return { part: "Server on this machine", words: finding.reason };
    case "session":
      return { part: "Sign-in", words: sessionWords(finding.session) };
    case "noServer":
      return { part: "Server", words: "None was used here yet." };
    case "serverFailed":
      return { part: "Server", words: finding.reason };
    case "server":
      return { part: "Server", words: `${finding.server} answers.` };
    case "serverKey":
      return {
        part: "Key of the server",
        words: `${keyWords[finding.trust]} It shows the key ${formatPin(finding.pin)}.`,
      };
    case "directOff":
    case "directFailed":
      return undefined;
    case "direct":
      return { part: "Talking directly", words: `Always allowed devices: ${finding.consents}.` };
  }
}

function daemonWords({ status, age }: Extract<Finding, { code: "daemon" }>): string {
  const { version, build, home, outbox, windows, triedUntilMs } = status;
  const running = `Version ${version} (build ${build}), in ${home}. Windows: ${windows}. Waiting to be sent: ${outbox}.`;
  const until = triedUntilMs === undefined ? "" : ` Tried until ${formatTime(triedUntilMs)}, also without a window.`;
  const older =
    age === "older"
      ? ` It is older than this command line (version ${programVersion}): chat-room stop ends it, and the next command ` +
        "starts the newer one."
      : "";
  return running + until + older;
}

function sessionWords(session: SessionState | undefined): string {
  switch (session?.state) {
    case "connected":
      return `Signed in at ${session.account.server}.`;
    case "connecting":
      return `Connecting to ${session.account.server}.`;
    case "unreachable":
      return session.reason;
    case "signedOut":
    case undefined:
      return session?.reason ?? "Not signed in. Run chat-room login.";
  }
}

const keyWords = {
  trusted: "Trusted.",
  unknown: "Not trusted yet: login asks about it.",
  changed: "Another key than before: chat-room trust compares them.",
  mismatch: "Another key than its address names: ask whoever runs it.",
} as const;
