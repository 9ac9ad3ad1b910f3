// The composition root: opens the data folder, puts core, storage and network together, and takes them apart again in an
// order in which nothing that was answered is lost.

import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { DisposableList } from "../base/disposable.ts";
import { loopbackTrust } from "../base/loopback.ts";
import { programVersion } from "../base/version.ts";
import type { MessageId } from "../protocol/ids.ts";
import type { ServerConfig } from "./config.ts";
import { Core } from "./core/core.ts";
import type { Ids, Log } from "./core/ports.ts";
import { createDialler } from "./net/dialler.ts";
import { EdgeCounters } from "./net/edge-counters.ts";
import { listen } from "./net/listener.ts";
import type { Listener, ListenerOptions } from "./net/listener.ts";
import { TlsKeys } from "./net/tls-keys.ts";
import { descriptorLimit, openDescriptors, roomForConnections } from "./operations/descriptors.ts";
import { Metrics } from "./operations/metrics.ts";
import type { ServerLog } from "./operations/pino-log.ts";
import { openStatusServer } from "./operations/status-server.ts";
import type { StatusPlace, StatusServer } from "./operations/status-server.ts";
import { prepareDataFolder } from "./prepare-folder.ts";
import { databaseProblem, listenFailure, reasonOf, StartFailure } from "./start-failure.ts";
import { lockFolder } from "./storage/folder-lock.ts";
import { createPasswords } from "./storage/passwords.ts";
import { openServerDatabase, Store } from "./storage/store.ts";
import { turnClock } from "./turn-clock.ts";

export interface RunningServer {
  /** As the system names it, IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Of the key that it shows now; what people compare. */
  readonly pin: string;
  /** Reads key and certificate again. @returns false: they do not do, which is logged, and the old ones stay */
  reloadTls(): boolean;
  /** Stops taking requests, stores what is under way, lets every link leave. Idempotent; done within 10 s. */
  stop(): Promise<void>;
}

type State = "starting" | "accepting" | "stopping";

const sweepMs = 500;
const linkGraceMs = 5_000;

/** @throws StartFailure */
export async function startServer(config: ServerConfig, clock: Clock, log: ServerLog): Promise<RunningServer> {
  const owned = new DisposableList();
  try {
    prepareDataFolder(config.data);
    owned.add(lock(config.data));
    const keys = await openKeys(config, clock, log);
    const trusts = loopbackTrust(config.trustLoopback);
    const counters = new EdgeCounters();
    const metrics = config.metricsPort === undefined ? undefined : new Metrics(clock);
    const store = new Store(openStore(config.data), clock, log, metrics);
    owned.add({ dispose: () => store.close() });
    const dialler = owned.add(createDialler(clock, config.plain, trusts));
    const core = new Core(
      {
        clock: turnClock(clock),
        log,
        accounts: store.directory,
        blocks: store.directory,
        tokens: store.tokens,
        mailbox: store.mailbox,
        passwords: createPasswords({ cost: config.passwordCost }),
        dialler,
        ids: createIds(),
      },
      {
        registration: config.registration,
        requestsPerSecond: config.rate,
        classic: config.classic,
        trusts,
        pins: () => keys.statements,
        server: { name: "chat-room", version: programVersion },
      },
    );
    const sweeper = setInterval(() => {
      store.sweep();
      core.sweep();
    }, sweepMs);
    owned.add({ dispose: () => clearInterval(sweeper) });
    let state: State = "starting";
    if (metrics && config.metricsPort !== undefined) {
      metrics.observe({ core, store, edge: counters, log });
      const place = { host: config.metricsHost, port: config.metricsPort };
      owned.add(await bindStatus(place, metrics, () => problemOf(state, store), log));
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
        return (stopped ??= stop(listener, core, store, owned, log));
      },
    };
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

async function stop(listener: Listener, core: Core, store: Store, owned: DisposableList, log: Log): Promise<void> {
  listener.stop();
  core.stop();
  store.flush();
  await listener.ended(linkGraceMs);
  owned.dispose();
  log.info("stopped");
}

async function openKeys({ data, tls }: ServerConfig, clock: Clock, log: Log): Promise<TlsKeys> {
  try {
    return await TlsKeys.open({ data, files: tls, log }, clock.nowMs());
  } catch (error) {
    throw new StartFailure(reasonOf(error), { cause: error });
  }
}

function lock(folder: string): { dispose(): void } {
  let held: ReturnType<typeof lockFolder>;
  try {
    held = lockFolder(folder);
  } catch (error) {
    throw new StartFailure(
      `The data folder ${folder} cannot be written to (${reasonOf(error)}). Give this user access to it, or choose ` +
        "another one with --data.",
      { cause: error },
    );
  }
  if (held) return held;
  throw new StartFailure(
    `Another server is running on the data folder ${folder}. Stop it first, or choose another folder with --data.`,
  );
}

function openStore(folder: string): DatabaseSync {
  try {
    return openServerDatabase(folder);
  } catch (error) {
    throw new StartFailure(databaseProblem(folder, error), { cause: error });
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
