// The composition root: creates the parts of one person's daemon, connects them, and ends them in the right order.

import type { Socket } from "node:net";
import { basename, dirname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { ensurePrivateFolder } from "../base/home/home.ts";
import type { Log } from "../base/log.ts";
import { listen } from "../base/rendezvous/listener.ts";
import type { Listener } from "../base/rendezvous/listener.ts";
import { startIdleGarbageCollector } from "../base/idle-gc.ts";
import type { IdleGarbageCollector } from "../base/idle-gc.ts";
import { programBuild, programVersion } from "../base/version.ts";
import { editorProtocol } from "../protocol/api/api-version.ts";
import { AccountSession } from "./account/account-session.ts";
import { PromptRouter } from "./windows/prompt-router.ts";
import { isSomethingInFlight } from "./core/outbox.ts";
import { triedUntilMs } from "./core/state.ts";
import type { State } from "./core/state.ts";
import { contactViews } from "./core/contact-views.ts";
import { createDirectTalk, keysPath } from "./peer/create-direct.ts";
import { Drafts } from "./windows/drafts.ts";
import type { DaemonApi } from "./api/api.ts";
import { openEditorSession } from "./api/view-session.ts";
import { Views } from "./windows/views.ts";
import { HistoryCare } from "./history/upkeep/history-care.ts";
import { followKey } from "./history/open/folders.ts";
import type { Servers } from "./history/open/folders.ts";
import { createOpener } from "./history/open/open-history-file.ts";
import { createAside } from "./history/thread/aside.ts";
import { HostedServer } from "./hosting/hosted-server.ts";
import { IdleExit } from "./lifetime/idle-exit.ts";
import { homeIdOf } from "../base/home/device.ts";
import { Identity } from "./identity/installation.ts";
import { KnownServers } from "./identity/known-servers.ts";
import { accountKey, Preferences } from "./identity/preferences.ts";
import { Imports } from "./history/import/imports.ts";
import { KeepFound } from "./lifetime/keep-found.ts";
import { TlsConnector } from "./connection/tls-connector.ts";
import { openLogFile } from "./lifetime/log-file.ts";
import type { Direct } from "./peer/direct.ts";
import { ContactSync } from "./contacts/contact-sync.ts";
import { createEffectHandlers } from "./engine/effect-handlers.ts";
import { Pulse } from "./lifetime/pulse.ts";
import { Engine } from "./engine/engine.ts";
import { ServerTrust } from "./account/server-trust.ts";
import { createApi } from "./api/session-handlers.ts";
import { PresenceService } from "./presence/presence-service.ts";
import { OpenRequests } from "./api/open-requests.ts";

export interface DaemonOptions {
  /** The person's private folder. */
  readonly home: string;
  /** The script that this process runs. The server's script is in the same folder. */
  readonly script: string;
  /** The daemon ends after this time without clients. */
  readonly idleExitMs: number;
  /** For tests. */
  readonly clock?: Clock;
}

/** Time for the answer to the stop request to be sent. */
const stopDelayMs = 50;

/**
 * Starts the daemon of a home.
 * @returns undefined if another daemon already serves this home
 * @throws an error with a sentence if it cannot start
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon | undefined> {
  ensurePrivateFolder(options.home);
  const daemon = new Daemon(options);
  try {
    return (await daemon.start()) ? daemon : undefined;
  } catch (error) {
    await daemon.stop("could not start");
    throw error;
  }
}

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #log: Log;
  readonly #identity: Identity;
  readonly #views = new Views();
  readonly #engine: Engine;
  readonly #account: AccountSession;
  readonly #direct: Direct;
  readonly #prompts: PromptRouter;
  readonly #drafts: Drafts;
  readonly #hosted: HostedServer;
  readonly #care: HistoryCare;
  readonly #imports: Imports;
  readonly #service: DaemonApi;
  readonly #clock: Clock;
  readonly #pulse: Pulse;
  readonly #openRequests = new OpenRequests(() => this.#onActivity());
  #listener: Listener | undefined;
  #keepFound: KeepFound | undefined;
  #idle: IdleExit | undefined;
  #idleGc: IdleGarbageCollector | undefined;
  #nextView = 1;
  #stopped: Promise<void> | undefined;
  /** Resolves when the daemon has ended, for whatever reason. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor(options: DaemonOptions) {
    const { home, script, clock = systemClock } = options;
    this.#clock = clock;
    this.#pulse = new Pulse(clock);
    const random = Math.random;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#log = openLogFile(home, clock);
    const log = this.#log;
    const link = () => this.#account.link;
    this.#identity = new Identity(home);
    const identity = this.#identity;
    this.#direct = createDirectTalk({
      ...{ home, clock, pulse: this.#pulse, log, identity, views: this.#views, link },
      ...{ engine: () => this.#engine, people: () => people, questionsChanged: () => this.#prompts.questionsChanged() },
    });
    const direct = this.#direct;
    /** What keeps the daemon running has changed. */
    const onChanged = (): void => this.#idle?.changed(this.#views.count);
    this.#prompts = new PromptRouter({
      views: this.#views,
      questions: () => direct.questions.list(),
      state: () => this.#engine.state,
    });
    const performers = createEffectHandlers({
      ...{ views: this.#views, link, direct },
      occur: (occurrence) => this.#engine.dispatch(occurrence),
      turnedUp: (name) => void people.turnedUp(name),
    });
    const onStepFailure = (error: unknown): void => {
      this.#account.stepFailed(error);
      direct.interrupt();
    };
    const onStep = (before: State, after: State): void => {
      this.#idleGc?.stir();
      const waits = after.outbox.size > 0;
      if (waits !== before.outbox.size > 0 || after.session.state !== before.session.state) onChanged();
    };
    this.#engine = new Engine({ clock, random, log, performers, onStep, onStepFailure });
    const engine = this.#engine;
    const preferences = new Preferences(home);
    const known = new KnownServers(home);
    const sendDirect: Direct["signal"] = (...params) => direct.signal(...params);
    const presence = new PresenceService({
      ...{ preferences, engine, views: this.#views, clock, pulse: this.#pulse, log, link, sendDirect },
      keyOf: (account) => accountKey(account, known.find(account.server)),
      onPresence: () => this.#prompts.windowsChanged(),
    });
    this.#drafts = new Drafts({ engine, views: this.#views, clock, log });
    const onTyping = (from: string): void => presence.othersTyping(from);
    const people = new ContactSync({
      engine,
      clock,
      log,
      link,
      onRequest: (push) => void direct.requested(push),
      onTyping,
    });
    const connector = new TlsConnector({ clock, known, log, identity: () => identity.tls(clock.nowMs()) });
    const aside = createAside(script, clock);
    const servers: Servers = () => known.all();
    const keyOf = (server: string): string | undefined => known.find(server);
    this.#care = new HistoryCare({
      ...{ script, clock, pulse: this.#pulse, log, engine },
      keptDays: () => preferences.keptDays,
      importUnderWay: () => this.#imports.path,
      onDamaged: () => void this.#account.damaged(),
    });
    const care = this.#care;
    this.#account = new AccountSession({
      ...{ identity, connector: connector, engine, clock, pulse: this.#pulse, random, log, keyOf },
      openHistory: createOpener({ home, servers, aside }),
      client: {
        // Read on access: it is settled only once this process has the home to itself.
        get device() {
          return identity.device();
        },
        name: `chat-room/${programVersion}`,
        announcement: () => direct.announcement,
        direct: () => direct.settings.mode !== "off",
      },
      announce: (text) => this.#views.announce(text),
      onOpened: (opened) => care.opened(opened),
      onClosing: () => care.closing(),
      onEntered: (account, folder) => {
        presence.entered(account);
        direct.open(keysPath(folder));
      },
      onLeft: () => {
        presence.entered(undefined);
        void direct.close();
      },
      onConnected: (connected) => {
        presence.connected(connected);
        void people.refresh(connected).then(() => direct.keys.tellAll());
      },
      onPush: (push) => people.pushed(push),
    });
    this.#hosted = new HostedServer({ home, script: serverScript(script), clock, random, log, onChanged });
    const account = this.#account;
    this.#imports = new Imports({ engine, account, script, clock, aside, keyOf });
    const service = createApi({
      ...{ home, engine, people, account, care, preferences, clock, keyOf, imports: this.#imports },
      trust: new ServerTrust(connector, known, (server, pin) => followKey(home, server, pin, servers)),
      ...{ hosted: this.#hosted, views: this.#views, direct, drafts: this.#drafts, presence, prompts: this.#prompts },
      reader: async () => {
        await account.opened();
        engine.flush();
        return care.reader;
      },
      homeId: () => homeIdOf(identity.device()),
      notes: () => notesOf(identity),
      olderViews: () => this.#listener?.older ?? 0,
      stop: () => clock.setTimer(stopDelayMs, () => void this.stop("asked to")),
    });
    this.#service = this.#openRequests.counted(service);
  }

  /** @returns false if another daemon serves this home */
  async start(): Promise<boolean> {
    const { home, idleExitMs } = this.#options;
    const log = this.#log;
    this.#listener = await listen({
      folder: home,
      build: programBuild,
      protocol: editorProtocol,
      clock: this.#clock,
      onConnection: (socket) => this.#welcome(socket),
      isBusy: () => !this.#canHandOver(),
      onRetire: () => void this.stop("makes room for a newer version"),
      onDropped: (reason) => log.warn("caller dropped", { reason }),
    });
    if (!this.#listener) return false;
    const { note, isNew } = this.#identity.own();
    if (note !== undefined) log.warn("this home was copied", { note });
    if (isNew && note !== undefined) this.#views.announce(note);
    log.info("started", { version: programVersion, build: programBuild, pid: process.pid });
    this.#idle = new IdleExit({
      clock: this.#clock,
      afterMs: idleExitMs,
      neededForMs: () => this.#neededForMs(),
      onIdle: () => void this.stop("nobody uses it"),
    });
    this.#idle.changed(this.#views.count);
    this.#keepFound = new KeepFound({
      ...{ clock: this.#clock, home, log, pulse: this.#pulse, listener: this.#listener },
      onLost: () => void this.stop("its folder is not its own any more"),
    });
    this.#idleGc = startIdleGarbageCollector(this.#clock, log, false);
    void this.#account.resume();
    this.#hosted.resume();
    return true;
  }

  /** Ends everything, after storing it. Idempotent. */
  async stop(why: string): Promise<void> {
    this.#stopped ??= this.#stop(why);
    await this.#stopped;
  }

  /**
   * Ends the process after a bug, because the state in memory can no longer be trusted. Everything is on disk, and clients
   * start a new daemon.
   */
  crashed(error: Error): never {
    this.#log.error("crashed", { error: error.stack ?? error.message });
    process.exit(1);
  }

  /** A view sent a request, so somebody is there. */
  #onActivity(): void {
    this.#pulse.look();
    this.#idleGc?.stir();
  }

  /** How long to run without views: as long as a server runs here, or sending is still being retried. */
  #neededForMs(): number {
    if (this.#hosted.wanted) return Infinity;
    const nowMs = this.#clock.nowMs();
    return Math.max(0, (triedUntilMs(this.#engine.state, nowMs) ?? nowMs) - nowMs);
  }

  /** Whether another daemon could take over unnoticed. Outbox, session and hosted server continue in the new one. */
  #canHandOver(): boolean {
    const { links } = this.#engine.state;
    const waits = this.#openRequests.count > 0 || this.#hosted.isChanging || this.#direct.questions.list().length > 0;
    return !waits && links.size === 0 && !isSomethingInFlight(this.#engine.state.outbox);
  }

  async #stop(why: string): Promise<void> {
    this.#log.info("ending", { why });
    this.#keepFound?.dispose();
    this.#pulse.dispose();
    this.#listener?.stopAccepting();
    this.#idle?.dispose();
    this.#idle = undefined;
    this.#idleGc?.dispose();
    await this.#direct.dispose();
    this.#drafts.dispose();
    await this.#imports.dispose();
    this.#account.dispose();
    this.#views.dispose();
    await this.#hosted.dispose();
    this.#listener?.dispose();
    this.#log.info("ended");
    this.#end();
  }

  #welcome(socket: Socket): void {
    const view = openEditorSession(socket, {
      id: this.#nextView++,
      service: this.#service,
      clock: this.#clock,
      log: this.#log,
      account: () => this.#engine.state.session.account,
      people: () => {
        const { state } = this.#engine;
        return { connected: state.session.state === "connected", contacts: contactViews(state) };
      },
      onFocus: (window, report) => {
        this.#pulse.look();
        this.#engine.execute({ kind: "window", window, report });
        this.#prompts.windowsChanged();
      },
      onEnd: (ended) => {
        this.#views.remove(ended);
        this.#engine.execute({ kind: "windowGone", window: ended.id });
        this.#prompts.windowsChanged();
        this.#idle?.changed(this.#views.count);
      },
    });
    this.#views.add(view);
    this.#idle?.changed(this.#views.count);
  }
}

/** Notes for the person about the files of this daemon. */
function notesOf(identity: Identity): string[] {
  const { note } = identity.own();
  return note === undefined ? [] : [note];
}

/** `server.js` beside `daemon.js`; when run from source, the server's main.ts. */
function serverScript(script: string): string {
  const folder = dirname(script);
  return basename(script).endsWith(".ts") ? join(folder, "..", "server", "main.ts") : join(folder, "server.js");
}
