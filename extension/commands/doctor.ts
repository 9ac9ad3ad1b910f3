// Diagnose Connection: looks at every part between this window and the other people, says in plain words what it found, and
// makes a report that can be given away: no password, token, message or name of a contact is in it.

import { homedir } from "node:os";
import type { ResultOf } from "../../protocol/api/declare.ts";
import { consents, setDirectMode } from "../../protocol/api/direct.ts";
import type { SessionState } from "../../protocol/api/model.ts";
import { daemonStatus, inspectServer } from "../../protocol/api/session.ts";
import { formatPin } from "../../protocol/pin.ts";
import { displayLanguage, reasonWords, t } from "../ui/l10n.ts";
import { plainLine, withoutIcons } from "../ui/plain-text.ts";
import { paramsOf } from "../settings/daemon-settings.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

type Verdict = "good" | "note" | "bad";

interface Finding {
  readonly verdict: Verdict;
  readonly part: string;
  readonly words: string;
}

export interface Diagnosis {
  /** Nothing is bad. */
  readonly ok: boolean;
  readonly report: string;
}

const serverDeadlineMs = 15_000;

export const doctorCommand = command({
  id: "chatRoom.doctor",
  title: "Diagnose Connection",
  icon: "pulse",
  description: "Says what is wrong with the connection, and copies a report.",
  menus: { contactsTitle: { group: "3_help@1" } },
  late: true,
  run: runDoctor,
});

/** `chatRoom.doctor`: no arguments. Answers `{ ok, report }` as soon as the list is shown. */
export async function runDoctor(app: AppContext): Promise<Diagnosis> {
  const findings = await app.prompter.busy(t("Chat Room looks at its connection…"), () => examine(app));
  const report = reportOf(findings);
  const copy = "copy";
  const chosen = app.prompter.choose<string>({
    title: t("Chat Room: Diagnose Connection"),
    placeholder: findings.some((each) => each.verdict === "bad")
      ? t("Something is wrong. Enter copies the report, which holds no message and no password")
      : t("Nothing is wrong. Enter copies the report, which holds no message and no password"),
    choices: [
      { label: t("Copy Report"), icon: "copy", value: copy },
      ...findings.map(({ verdict, part, words }) => ({
        label: part,
        detail: withoutIcons(words, 500),
        icon: icons[verdict],
        value: copy,
      })),
    ],
  });
  void chosen.then(async (value) => {
    if (value === undefined) return;
    await app.copy(report);
    app.prompter.mention(`$(copy) ${t("Copied the report")}`);
  });
  return { ok: findings.every((each) => each.verdict !== "bad"), report };
}

const icons = { good: "pass", note: "info", bad: "error" } as const;

async function examine(app: AppContext): Promise<Finding[]> {
  const findings = [editor(app), ...(await daemon(app))];
  if (app.store.link.state !== "connected") return findings;
  return [...findings, session(app), ...(await server(app)), ...(await direct(app))];
}

function editor(app: AppContext): Finding {
  const { editor: version, extension, platform, remote } = app.about();
  const where = remote === undefined ? t("on this machine") : t("in a remote window ({0})", remote);
  return {
    verdict: "good",
    part: t("Editor"),
    words: t("{0}, Chat Room {1}, {2}, {3}.", version, extension, platform, where),
  };
}

async function daemon(app: AppContext): Promise<Finding[]> {
  const part = t("Daemon");
  const { link } = app.store;
  if (link.state !== "connected") {
    const words = link.state === "down" ? link.reason : t("No connection yet; it is being opened.");
    return [{ verdict: "bad", part, words: t("{0} Restart Daemon may help; Show Log says more.", words) }];
  }
  const status = await app.daemon.request(daemonStatus, {});
  if (!status.ok) return [{ verdict: "bad", part, words: status.reason }];
  const { extension, build } = app.about();
  const same = status.build === build || (status.build > build && status.version === extension);
  const running = t(
    "Version {0} (build {1}), process {2}. Windows: {3}.",
    status.version,
    status.build,
    status.pid,
    status.windows,
  );
  const other =
    status.build < build
      ? t(
          "It is older than this window ({0}). It is replaced when no older window or command uses it any more, or now with Restart Daemon.",
          extension,
        )
      : t("This window is older ({0}): reload it.", extension);
  const stored = t(
    "In {0}. Waiting to be sent: {1}. Unread: {2}.",
    plainLine(status.home, 300),
    status.outbox,
    status.unread,
  );
  return [
    { verdict: same ? "good" : "note", part, words: same ? running : `${running} ${other}` },
    { verdict: "good", part: t("Storage"), words: stored },
    ...waiting(status),
    ...(status.notes ?? []).map((note): Finding => ({
      verdict: "note",
      part: t("Storage"),
      words: plainLine(reasonWords(note), 600),
    })),
    ...hosted(status),
  ];
}

type Status = ResultOf<typeof daemonStatus>;

/** What is tried without any window, and until when. */
function waiting({ outbox, triedUntilMs }: Status): Finding[] {
  if (outbox === 0) return [];
  const words =
    triedUntilMs === undefined
      ? t("Messages waiting: {0}. Chat Room tries to send them while it is open.", outbox)
      : t(
          "Messages waiting: {0}. Chat Room tries to send them until {1}, also without a window.",
          outbox,
          timeWords(triedUntilMs),
        );
  return [{ verdict: "note", part: t("Outbox"), words }];
}

function hosted({ hostedServer, hostedTrouble }: Status): Finding[] {
  const part = t("Server on this machine");
  if (hostedTrouble !== undefined) {
    const words = t(
      "It is not running; Chat Room tries to start it again: {0}",
      plainLine(reasonWords(hostedTrouble), 600),
    );
    return [{ verdict: "bad", part, words }];
  }
  return hostedServer === undefined ? [] : [{ verdict: "good", part, words: plainLine(hostedServer, 300) }];
}

function timeWords(atMs: number): string {
  return new Date(atMs).toLocaleString(displayLanguage(), { dateStyle: "medium", timeStyle: "short" });
}

function session(app: AppContext): Finding {
  const part = t("Sign-in");
  if (isSignedOut(app.store.session)) {
    return { verdict: "note", part, words: t("Signed out. Use Sign In to come online.") };
  }
  const { state, sentence } = connectionStatusOf(app.store.link, app.store.session);
  if (state !== "connected") return { verdict: state === "connecting" ? "note" : "bad", part, words: sentence };
  return { verdict: "good", part, words: t("Signed in at {0}.", plainLine(app.store.account?.server ?? "", 300)) };
}

/** By the person, or never signed in: a session that ended otherwise says why. */
function isSignedOut(session: SessionState | undefined): boolean {
  return session?.state === "signedOut" && session.reason === undefined && session.elsewhere !== true;
}

async function server(app: AppContext): Promise<Finding[]> {
  const address = app.store.account?.server ?? app.credentials.last?.server;
  if (address === undefined)
    return [{ verdict: "note", part: t("Server"), words: t("None was ever used here. Sign in first.") }];
  const seen = await app.daemon.request(inspectServer, { server: address }, serverDeadlineMs);
  if (!seen.ok) return [{ verdict: "bad", part: t("Server"), words: seen.reason }];
  const reached: Finding = {
    verdict: "good",
    part: t("Server"),
    words: t("{0} answers.", plainLine(seen.server, 300)),
  };
  const shown = t("It shows the key {0}.", formatPin(seen.pin));
  const judged: Record<typeof seen.trust, Omit<Finding, "part">> = {
    trusted: { verdict: "good", words: t("Trusted. {0}", shown) },
    unknown: { verdict: "note", words: t("Not trusted yet: Sign In asks about it. {0}", shown) },
    changed: { verdict: "bad", words: t("Another key than before: use Trust Server to compare. {0}", shown) },
    mismatch: { verdict: "bad", words: t("Another key than its address names: ask whoever runs it. {0}", shown) },
  };
  return [reached, { part: t("Key of the server"), ...judged[seen.trust] }];
}

async function direct(app: AppContext): Promise<Finding[]> {
  const part = t("Talking directly");
  const wanted = paramsOf("direct", app.settings());
  const { mode, interfaces, port } = wanted;
  if (mode === "off") return [{ verdict: "note", part, words: t("Switched off by the setting chatRoom.p2p.") }];
  // The daemon has these settings already: taking them again, it says whether it listens, and whether it can.
  const listens = await app.daemon.request(setDirectMode, wanted);
  if (!listens.ok) return [{ verdict: "bad", part, words: listens.reason }];
  const allowed = await app.daemon.request(consents, {});
  if (!allowed.ok) return [{ verdict: "note", part, words: allowed.reason }];
  const links = app.store.contacts.filter((each) => each.route?.kind === "direct").length;
  const where = interfaces.length === 0 ? t("all interfaces") : plainLine(interfaces.join(", "), 300);
  const words = [
    mode === "ask" ? t("You are asked about everybody.") : t("People you have written to need not ask."),
    listens.listensAt === undefined
      ? t(
          "Opens a port when the first direct link is wanted: {0}, {1}.",
          where,
          port === 0 ? t("any free port") : t("port {0}", port),
        )
      : t("Listens on {0}, {1}.", where, t("port {0}", listens.listensAt)),
    t("Direct links: {0}. Always allowed devices: {1}.", links, allowed.consents.length),
  ];
  return [{ verdict: "good", part, words: words.join(" ") }];
}

function reportOf(findings: readonly Finding[]): string {
  const marks = { good: "ok", note: "note", bad: "PROBLEM" } as const;
  const lines = findings.map(({ verdict, part, words }) => `${marks[verdict]}  ${part}: ${plainLine(words, 600)}`);
  return withoutHome(`Chat Room: ${t("Diagnose Connection")}\n${lines.join("\n")}\n`);
}

/** The name of the person's folder is often their name. It may also stand in what the system says about a file. */
function withoutHome(text: string): string {
  const home = homedir();
  return home.length > 1 ? text.replaceAll(home, "~") : text;
}
