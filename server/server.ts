// The composition root: opens the data folder, puts core, storage and network together, and takes them apart again in an
// order in which nothing that was answered is lost.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../base/clock.ts";
import { DisposableList } from "../base/disposable.ts";
import type { Disposable } from "../base/disposable.ts";
import type { TlsIdentity } from "../base/tls/identity.ts";
import { programVersion } from "../base/version.ts";
import type { MessageId } from "../protocol/ids.ts";
import { AdminService } from "./admin/service.ts";
import type { AdminParts } from "./admin/service.ts";
import { openAdminSocket } from "./admin/socket.ts";
import type { ServerConfig } from "./config.ts";
import { Core } from "./core/core.ts";
import type { Ids, Log } from "./core/ports.ts";
import { takeDataFolder } from "./data-folder.ts";
import { createDialler } from "./net/dialler.ts";
import { listen } from "./net/listener.ts";
import type { Listener, ListenerOptions } from "./net/listener.ts";
import { serverIdentity } from "./net/tls-identity.ts";
import { Metrics } from "./operations/metrics.ts";
import { openStatusServer } from "./operations/status-server.ts";
import type { StatusServer } from "./operations/status-server.ts";
import { listenFailure, reasonOf, StartFailure } from "./start-failure.ts";
import { nameRules } from "./storage/name-rules.ts";
import { openStore } from "./storage/open-store.ts";
import { createPasswords } from "./storage/passwords.ts";
import type { Store } from "./storage/store.ts";
import { turnClock } from "./turn-clock.ts";

export interface RunningServer {
  /** As the system names it, IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Of the key that it showed first; what people compare. */
  readonly pin: string;
  /** Reads the files of --tls-cert and --tls-key again; a pair that does not do is logged, and the old one stays. */
  reloadTls(): Promise<void>;
  /** Stops taking requests, stores what is under way, lets every link leave. Idempotent; done within 10 s. */
  stop(): Promise<void>;
}

type State = "starting" | "accepting" | "stopping";

const sweepMs = 500;
const roundMs = 250;
const pingMs = 2_000;
/** Together less than the 10 s in which a server stops. */
const flushGraceMs = 2_000;
const linkGraceMs = 5_000;
const closeGraceMs = 1_500;

/** @throws StartFailure */
export async function startServer(config: ServerConfig, clock: Clock, log: Log): Promise<RunningServer> {
  const owned = new DisposableList();
  let store: Store | undefined;
  try {
    owned.add(await takeDataFolder(config.data));
    const identity = await identityOf(config, clock);
    const metrics = config.metricsPort === undefined ? undefined : new Metrics();
    const committed = metrics && ((ms: number) => metrics.committed(ms));
    const storage = (store = await openStore(config.data, { clock, log, committed }, (error) => lost(error, log)));
    const passwords = createPasswords({ cost: config.passwordCost });
    const dialler = owned.add(createDialler(clock, config.plain));
    const core = new Core(
      {
        clock: turnClock(clock),
        log,
        accounts: store.accounts,
        blocks: store.blocks,
        tokens: store.tokens,
        devices: store.devices,
        mailbox: store.mailbox,
        outcomes: store.outcomes,
        passwords,
        dialler,
        ids: createIds(),
      },
      {
        registration: config.registration,
        requestsPerSecond: config.rate,
        classic: config.classic,
        server: { name: "chat-room", version: programVersion },
      },
    );
    const sweeper = setInterval(() => core.sweep(), sweepMs);
    owned.add({ dispose: () => clearInterval(sweeper) });
    const teller = setInterval(() => core.round(), roundMs);
    owned.add({ dispose: () => clearInterval(teller) });
    const pinger = setInterval(() => storage.ping(), pingMs);
    owned.add({ dispose: () => clearInterval(pinger) });
    owned.add(await bindAdmin(config.data, { store, passwords, names: nameRules, sessions: core }, clock, log));
    let state: State = "starting";
    if (metrics && config.metricsPort !== undefined) {
      metrics.observe({ core, store });
      owned.add(await bindStatus(config.metricsPort, metrics, () => problemOf(state, storage), log));
    }
    const listener = await bind(config, identity, core, clock);
    const { pin } = identity;
    log.info("started", { address: listener.address, port: listener.port, pin, version: programVersion });
    state = "accepting";
    let stopped: Promise<void> | undefined;
    return {
      address: listener.address,
      port: listener.port,
      pin,
      reloadTls: () => reloadTls(config, listener, clock, log),
      stop() {
        state = "stopping";
        return (stopped ??= stop(listener, core, storage, owned, log));
      },
    };
  } catch (error) {
    await store?.close(closeGraceMs);
    owned.dispose();
    throw error;
  }
}

async function stop(listener: Listener, core: Core, store: Store, owned: DisposableList, log: Log): Promise<void> {
  listener.stop();
  core.stop();
  // Senders are answered when their messages are stored, which a disk that hangs would never say.
  await Promise.race([store.flush(), sleep(flushGraceMs, undefined, { ref: false })]);
  await listener.ended(linkGraceMs);
  if (!(await store.close(closeGraceMs))) endAtOnce(log);
  owned.dispose();
  log.info("stopped");
}

/** A thread that hangs in the disk keeps the process from ending in any other way. */
function endAtOnce(log: Log): void {
  log.error("storage_stuck");
  process.kill(process.pid, "SIGKILL");
}

/** Everything that was answered is on disk, and nothing can be stored any more: a supervisor starts a new process. */
function lost(error: Error, log: Log): void {
  log.error("storage_lost", { error: error.stack });
  setImmediate(() => {
    throw error;
  });
}

async function identityOf(config: ServerConfig, clock: Clock): Promise<TlsIdentity> {
  try {
    return await serverIdentity(config.data, config.tls, clock.nowMs());
  } catch (error) {
    throw new StartFailure(reasonOf(error), { cause: error, exitCode: 3 });
  }
}

async function reloadTls(config: ServerConfig, listener: Listener, clock: Clock, log: Log): Promise<void> {
  try {
    const identity = await serverIdentity(config.data, config.tls, clock.nowMs());
    listener.show(identity);
    log.info("tls_reloaded", { pin: identity.pin });
  } catch (error) {
    log.error("tls_not_reloaded", { error: reasonOf(error) });
  }
}

/** Without it the server serves all the same; only the commands beside it do not work. */
async function bindAdmin(folder: string, parts: AdminParts, clock: Clock, log: Log): Promise<Disposable> {
  const service = new AdminService(parts);
  try {
    return await openAdminSocket(folder, (request) => service.handle(request), clock, log);
  } catch (error) {
    log.error("admin_unreachable", { error: reasonOf(error) });
    return { dispose: () => undefined };
  }
}

async function bind(config: ServerConfig, identity: TlsIdentity, core: Core, clock: Clock): Promise<Listener> {
  const { host, port, plain } = config;
  try {
    const connect: ListenerOptions["connect"] = (link, openedMs) => core.connect(link, openedMs);
    return await listen({ host, port, clock, identity, plain, limits: config.connections, connect });
  } catch (error) {
    throw listenFailure(host, port, "--port", error);
  }
}

async function bindStatus(
  port: number,
  metrics: Metrics,
  problem: () => string | undefined,
  log: Log,
): Promise<StatusServer> {
  try {
    return await openStatusServer(port, { metrics, problem }, log);
  } catch (error) {
    throw listenFailure("127.0.0.1", port, "--metrics-port", error);
  }
}

function problemOf(state: State, store: Store): string | undefined {
  if (state !== "accepting") return state;
  return store.works ? undefined : "the database cannot be read or written to";
}

/** Unique over restarts by chance, within one run by counting. */
function createIds(): Ids {
  const run = randomBytes(9).toString("base64url");
  let count = 0;
  return {
    messageId() {
      count += 1;
      return `${run}-${count.toString(36)}` as MessageId;
    },
  };
}
