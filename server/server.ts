// The composition root: opens the data folder, assembles core, storage and network, and shuts them down in an order that
// loses nothing that was answered.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../base/error-message.ts";
import type { Clock } from "../base/clock.ts";
import { DisposableList } from "../base/disposable.ts";
import type { Disposable } from "../base/disposable.ts";
import { loopbackTrust } from "../protocol/ip/loopback.ts";
import { programVersion } from "../base/version.ts";
import type { MessageId } from "../protocol/ids.ts";
import { AdminService } from "./admin/service.ts";
import type { AdminParts } from "./admin/service.ts";
import { openAdminSocket } from "./admin/socket.ts";
import type { ServerConfig } from "./config/config.ts";
import { Core } from "./core/core.ts";
import type { Ids, Log } from "./core/ports.ts";
import { takeDataFolder } from "./startup/take-data-folder.ts";
import { createDialler } from "./net/dialler.ts";
import { EdgeCounters } from "./net/edge-counters.ts";
import { listen } from "./net/server-listener.ts";
import type { Listener, ListenerOptions } from "./net/server-listener.ts";
import { TlsKeys } from "./net/tls-keys.ts";
import { descriptorLimit, openDescriptors, roomForConnections } from "./operations/descriptors.ts";
import { Metrics } from "./operations/metrics.ts";
import type { ServerLog } from "./operations/pino-log.ts";
import { openStatusServer } from "./operations/status-server.ts";
import type { StatusPlace, StatusServer } from "./operations/status-server.ts";
import { listenFailure, StartFailure } from "./startup/start-errors.ts";
import { nameRules } from "./storage/name-rules.ts";
import { openStore } from "./storage/open-store.ts";
import { createPasswords } from "./storage/passwords.ts";
import type { Store } from "./storage/store.ts";
import { turnClock } from "./turn-clock.ts";

export interface RunningServer {
  /** As the system formats it: IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Pin of the key that is shown now; people compare it. */
  readonly pin: string;
  /** Reads key and certificate again. @returns false if they cannot be used; that is logged, and the old ones stay */
  reloadTls(): boolean;
  /** Stops accepting requests, stores messages in flight, and lets every link close. Idempotent; takes at most 10 s. */
  stop(): Promise<void>;
}

type State = "starting" | "accepting" | "stopping";

const sweepMs = 500;
const roundMs = 250;
const pingMs = 2_000;
/** The sum of these is below the 10 s within which a server stops. */
const flushGraceMs = 2_000;
const linkGraceMs = 5_000;
const closeGraceMs = 1_500;

/** @throws StartFailure */
export async function startServer(config: ServerConfig, clock: Clock, log: ServerLog): Promise<RunningServer> {
  const owned = new DisposableList();
  let store: Store | undefined;
  try {
    owned.add(await takeDataFolder(config.data));
    const keys = await openKeys(config, clock, log);
    const trusts = loopbackTrust(config.trustLoopback);
    const counters = new EdgeCounters();
    const metrics = config.metricsPort === undefined ? undefined : new Metrics();
    const committed = metrics && ((ms: number) => metrics.committed(ms));
    const storage = (store = await openStore(config.data, { clock, log, committed }, (error) => lost(error, log)));
    const passwords = createPasswords({ cost: config.passwordCost });
    const dialler = owned.add(createDialler(clock, config.plain, trusts));
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
        membersInvite: config.membersInvite,
        requestsPerSecond: config.rate,
        classic: config.classic,
        trusts,
        pins: () => keys.statements,
        server: { name: "chat-room", version: programVersion },
      },
    );
    const sweepTimer = setInterval(() => core.sweep(), sweepMs);
    owned.add({ dispose: () => clearInterval(sweepTimer) });
    const roundTimer = setInterval(() => core.round(), roundMs);
    owned.add({ dispose: () => clearInterval(roundTimer) });
    const pingTimer = setInterval(() => storage.ping(), pingMs);
    owned.add({ dispose: () => clearInterval(pingTimer) });
    owned.add(await bindAdmin(config.data, { store, passwords, names: nameRules, sessions: core }, clock, log));
    let state: State = "starting";
    if (metrics && config.metricsPort !== undefined) {
      metrics.observe({ core, store, edge: counters, log });
      const place = { host: config.metricsHost, port: config.metricsPort };
      owned.add(await bindStatus(place, metrics, () => problemOf(state, storage), log));
    }
    const connect: ListenerOptions["connect"] = (link, openedMs) => core.connect(link, openedMs);
    const listener = await bind(config, { clock, log, trusts, counters, connect, identity: keys.identity });
    const { pin } = keys.identity;
    log.info("started", { address: listener.address, port: listener.port, pin, version: programVersion });
    state = "accepting";
    let stopped: Promise<void> | undefined;
    return {
      address: listener.address,
      port: listener.port,
      get pin() {
        return keys.identity.pin;
      },
      reloadTls: () => keys.reload((identity) => listener.show(identity)),
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
  // Senders get their answers once their messages are stored. With a disk that hangs, that would never happen.
  await Promise.race([store.flush(), sleep(flushGraceMs, undefined, { ref: false })]);
  await listener.ended(linkGraceMs);
  if (!(await store.close(closeGraceMs))) killSelf(log);
  owned.dispose();
  log.info("stopped");
}

/** A thread that hangs on the disk prevents any other way to end the process. */
function killSelf(log: Log): void {
  log.error("storage_stuck");
  process.kill(process.pid, "SIGKILL");
}

/** Everything answered so far is on disk, and nothing more can be stored: a supervisor has to start a new process. */
function lost(error: Error, log: Log): void {
  log.error("storage_lost", { error: error.stack });
  setImmediate(() => {
    throw error;
  });
}

async function openKeys({ data, tls }: ServerConfig, clock: Clock, log: Log): Promise<TlsKeys> {
  try {
    return await TlsKeys.open({ data, files: tls, log }, clock.nowMs());
  } catch (error) {
    // Only an error of the file system may pass by itself, such as a full disk.
    const exitCode = error instanceof Error && "code" in error ? 1 : 3;
    throw new StartFailure(messageOf(error), { cause: error, exitCode });
  }
}

/** A failure is not fatal: the server works without its admin socket, only admin commands do not. */
async function bindAdmin(folder: string, parts: AdminParts, clock: Clock, log: Log): Promise<Disposable> {
  const service = new AdminService(parts);
  try {
    return await openAdminSocket(folder, (request) => service.handle(request), clock, log);
  } catch (error) {
    log.error("admin_unreachable", { error: messageOf(error) });
    return { dispose: () => undefined };
  }
}

type Bound = Pick<ListenerOptions, "clock" | "log" | "trusts" | "counters" | "connect" | "identity">;

async function bind(config: ServerConfig, bound: Bound): Promise<Listener> {
  const { host, port, plain, proxies, connections: limits } = config;
  const maxConnections = roomForConnections(descriptorLimit(), openDescriptors());
  try {
    return await listen({ ...bound, host, port, plain, proxies, limits, maxConnections });
  } catch (error) {
    throw listenFailure(host, port, "--port", error);
  }
}

async function bindStatus(
  place: StatusPlace,
  metrics: Metrics,
  problem: () => string | undefined,
  log: Log,
): Promise<StatusServer> {
  try {
    return await openStatusServer(place, { metrics, problem }, log);
  } catch (error) {
    throw listenFailure(place.host, place.port, "--metrics-port", error);
  }
}

function problemOf(state: State, store: Store): string | undefined {
  if (state !== "accepting") return state;
  return store.works ? undefined : "the database cannot be read or written to";
}

/** Unique across restarts by a random prefix, and within one run by a counter. */
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
