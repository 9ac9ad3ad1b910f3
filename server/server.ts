// The composition root: opens the data folder, puts core, storage and network together, and takes them apart again in an
// order in which nothing that was answered is lost.

import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { DisposableList } from "../base/disposable.ts";
import type { TlsIdentity } from "../base/tls/identity.ts";
import { programVersion } from "../base/version.ts";
import type { MessageId } from "../protocol/ids.ts";
import type { ServerConfig } from "./config.ts";
import { Core } from "./core/core.ts";
import type { Ids, Log } from "./core/ports.ts";
import { createDialler } from "./net/dialler.ts";
import { listen } from "./net/listener.ts";
import type { Listener, ListenerOptions } from "./net/listener.ts";
import { serverIdentity } from "./net/tls-identity.ts";
import { Metrics } from "./operations/metrics.ts";
import { openStatusServer } from "./operations/status-server.ts";
import type { StatusServer } from "./operations/status-server.ts";
import { databaseProblem, listenFailure, reasonOf, StartFailure } from "./start-failure.ts";
import { lockFolder } from "./storage/folder-lock.ts";
import { createPasswords } from "./storage/passwords.ts";
import { openServerDatabase, Store } from "./storage/store.ts";
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
const linkGraceMs = 5_000;

/** @throws StartFailure */
export async function startServer(config: ServerConfig, clock: Clock, log: Log): Promise<RunningServer> {
  const owned = new DisposableList();
  try {
    owned.add(lock(config.data));
    const identity = await identityOf(config, clock);
    const metrics = config.metricsPort === undefined ? undefined : new Metrics(clock);
    const store = new Store(openStore(config.data), clock, log, metrics);
    owned.add({ dispose: () => store.close() });
    const dialler = owned.add(createDialler(clock, config.plain));
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
      metrics.observe({ core, store });
      owned.add(await bindStatus(config.metricsPort, metrics, () => problemOf(state, store), log));
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

async function identityOf(config: ServerConfig, clock: Clock): Promise<TlsIdentity> {
  try {
    return await serverIdentity(config.data, config.tls, clock.nowMs());
  } catch (error) {
    throw new StartFailure(reasonOf(error), { cause: error });
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
