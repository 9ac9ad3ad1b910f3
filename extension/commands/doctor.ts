// Diagnose Connection: checks every part between this window and the other people, says in plain words what it found, and
// makes a report that can be shared: it contains no password, token, message or name of a contact.

import { homedir } from "node:os";
import { diagnose, isSignedOut } from "../../client/diagnose.ts";
import type { Finding, Level } from "../../client/diagnose.ts";
import { formatPin } from "../../protocol/pin.ts";
import { displayLanguage, reasonWords, t } from "../ui/l10n.ts";
import { plainLine, withoutIcons } from "../ui/plain-text.ts";
import { paramsOf } from "../settings/daemon-settings.ts";
import { connectionStatusOf } from "../daemon-client/connection-status.ts";
import type { AppContext } from "./app-context.ts";
import { command } from "./command.ts";

interface Drawn {
  readonly part: string;
  readonly words: string;
}

type Row = Drawn & { readonly level: Level };

export interface Diagnosis {
  /** Whether there is no problem. */
  readonly ok: boolean;
  readonly report: string;
}

export const doctorCommand = command({
  id: "chatRoom.doctor",
  title: "Diagnose Connection",
  icon: "pulse",
  description: "Says what is wrong with the connection, and copies a report.",
  menus: { contactsTitle: { group: "3_help@1" } },
  late: true,
  run: runDoctor,
});

/** `chatRoom.doctor`: no arguments. Returns `{ ok, report }` as soon as the list is shown. */
export async function runDoctor(app: AppContext): Promise<Diagnosis> {
  const rows = await app.prompter.busy(t("Chat Room looks at its connection…"), () => examine(app));
  const ok = rows.every(({ level }) => level !== "problem");
  const report = reportOf(rows);
  const copy = "copy";
  const chosen = app.prompter.choose<string>({
    title: t("Chat Room: Diagnose Connection"),
    placeholder: ok
      ? t("Nothing is wrong. Enter copies the report, which holds no message and no password")
      : t("Something is wrong. Enter copies the report, which holds no message and no password"),
    choices: [
      { label: t("Copy Report"), icon: "copy", value: copy },
      ...rows.map(({ level, part, words }) => ({
        label: part,
        detail: withoutIcons(words, 500),
        icon: icons[level],
        value: copy,
      })),
    ],
  });
  void chosen.then(async (value) => {
    if (value === undefined) return;
    await app.copy(report);
    app.prompter.mention(`$(copy) ${t("Copied the report")}`);
  });
  return { ok, report };
}

const icons = { ok: "pass", note: "info", problem: "error" } as const;

async function examine(app: AppContext): Promise<Row[]> {
  const { link } = app.store;
  if (link.state !== "connected") return [editor(app), unreached(link)];
  const { extension, build } = app.about();
  const findings = await diagnose(app.daemon, {
    build,
    version: extension,
    reached: () => app.store.link.state === "connected",
    session: () => app.store.session,
    server: () => app.store.account?.server ?? app.credentials.last?.server,
    signedOut: "note",
    direct: paramsOf("direct", app.settings()),
  });
  return [editor(app), ...findings.map((finding) => ({ level: finding.level, ...draw(app, finding) }))];
}

function editor(app: AppContext): Row {
  const { editor: version, extension, platform, remote } = app.about();
  const where = remote === undefined ? t("on this machine") : t("in a remote window ({0})", remote);
  return {
    level: "ok",
    part: t("Editor"),
    words: t("{0}, Chat Room {1}, {2}, {3}.", version, extension, platform, where),
  };
}

function unreached(link: Exclude<AppContext["store"]["link"], { state: "connected" }>): Row {
  const words = link.state === "down" ? link.reason : t("No connection yet; it is being opened.");
  return { level: "problem", part: t("Daemon"), words: t("{0} Restart Daemon may help; Show Log says more.", words) };
}

function draw(app: AppContext, finding: Finding): Drawn {
  switch (finding.code) {
    case "daemonFailed":
      return { part: t("Daemon"), words: finding.reason };
    case "daemon":
      return { part: t("Daemon"), words: daemonWords(app, finding) };
    case "storage": {
      const { home, outbox, unread } = finding.status;
      const words = t("In {0}. Waiting to be sent: {1}. Unread: {2}.", plainLine(home, 300), outbox, unread);
      return { part: t("Storage"), words };
    }
    case "waiting":
      return { part: t("Outbox"), words: waitingWords(finding) };
    case "fileTrouble":
      return { part: t("Storage"), words: plainLine(reasonWords(finding.reason), 600) };
    case "hostedServer":
      return { part: t("Server on this machine"), words: plainLine(finding.address, 300) };
    case "hostedTrouble": {
      const why = plainLine(reasonWords(finding.reason), 600);
      const words = t("It is not running; Chat Room tries to start it again: {0}", why);
      return { part: t("Server on this machine"), words };
    }
    case "session":
      return { part: t("Sign-in"), words: sessionWords(app, finding) };
    case "noServer":
      return { part: t("Server"), words: t("None was ever used here. Sign in first.") };
    case "serverFailed":
      return { part: t("Server"), words: finding.reason };
    case "server":
      return { part: t("Server"), words: t("{0} answers.", plainLine(finding.server, 300)) };
    case "serverKey":
      return { part: t("Key of the server"), words: keyWords(finding) };
    case "directOff":
      return { part: t("Talking directly"), words: t("Switched off by the setting chatRoom.p2p.") };
    case "directFailed":
      return { part: t("Talking directly"), words: finding.reason };
    case "direct":
      return { part: t("Talking directly"), words: directWords(app, finding) };
  }
}

type FindingOf<Code extends Finding["code"]> = Extract<Finding, { code: Code }>;

function daemonWords(app: AppContext, { status, age }: FindingOf<"daemon">): string {
  const { extension } = app.about();
  const running = t(
    "Version {0} (build {1}), process {2}. Windows: {3}.",
    status.version,
    status.build,
    status.pid,
    status.windows,
  );
  switch (age) {
    case "same":
      return running;
    case "older": {
      const older = t(
        "It is older than this window ({0}). It is replaced when no older window or command uses it any more, or now with Restart Daemon.",
        extension,
      );
      return `${running} ${older}`;
    }
    case "newer":
      return `${running} ${t("This window is older ({0}): reload it.", extension)}`;
  }
}

/** Says how many messages wait, and how long the daemon tries to send them without a window. */
function waitingWords({ outbox, triedUntilMs }: FindingOf<"waiting">): string {
  if (triedUntilMs === undefined) {
    return t("Messages waiting: {0}. Chat Room tries to send them while it is open.", outbox);
  }
  return t(
    "Messages waiting: {0}. Chat Room tries to send them until {1}, also without a window.",
    outbox,
    timeWords(triedUntilMs),
  );
}

function timeWords(atMs: number): string {
  return new Date(atMs).toLocaleString(displayLanguage(), { dateStyle: "medium", timeStyle: "short" });
}

function sessionWords(app: AppContext, { session }: FindingOf<"session">): string {
  if (isSignedOut(session)) return t("Signed out. Use Sign In to come online.");
  if (session?.state === "connected") return t("Signed in at {0}.", plainLine(session.account.server, 300));
  return connectionStatusOf(app.store.link, session).sentence;
}

function keyWords({ trust, pin }: FindingOf<"serverKey">): string {
  const shown = t("It shows the key {0}.", formatPin(pin));
  switch (trust) {
    case "trusted":
      return t("Trusted. {0}", shown);
    case "unknown":
      return t("Not trusted yet: Sign In asks about it. {0}", shown);
    case "changed":
      return t("Another key than before: use Trust Server to compare. {0}", shown);
    case "mismatch":
      return t("Another key than its address names: ask whoever runs it. {0}", shown);
  }
}

function directWords(app: AppContext, { listensAt, consents }: FindingOf<"direct">): string {
  const { mode, interfaces, port } = paramsOf("direct", app.settings());
  const links = app.store.contacts.filter((each) => each.route?.kind === "direct").length;
  const where = interfaces.length === 0 ? t("all interfaces") : plainLine(interfaces.join(", "), 300);
  const words = [
    mode === "ask" ? t("You are asked about everybody.") : t("People you have written to need not ask."),
    listensAt === undefined
      ? t(
          "Opens a port when the first direct link is wanted: {0}, {1}.",
          where,
          port === 0 ? t("any free port") : t("port {0}", port),
        )
      : t("Listens on {0}, {1}.", where, t("port {0}", listensAt)),
    t("Direct links: {0}. Always allowed devices: {1}.", links, consents),
  ];
  return words.join(" ");
}

function reportOf(rows: readonly Row[]): string {
  const marks = { ok: "ok", note: "note", problem: "PROBLEM" } as const;
  const lines = rows.map(({ level, part, words }) => `${marks[level]}  ${part}: ${plainLine(words, 600)}`);
  return withoutHome(`Chat Room: ${t("Diagnose Connection")}\n${lines.join("\n")}\n`);
}

/** Hides the home folder, which is often the person's name. A system error about a file may contain it too. */
function withoutHome(text: string): string {
  const home = homedir();
  return home.length > 1 ? text.replaceAll(home, "~") : text;
}
