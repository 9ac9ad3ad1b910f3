// The composition root: opens the data folder, puts core, storage and network together, and takes them apart again in an
// order in which nothing that was answered is lost.

import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { DisposableList } from "../base/disposable.ts";
import { CorruptDatabase, NewerDatabase } from "../base/sqlite.ts";
import { programVersion } from "../base/version.ts";
import type { MessageId } from "../protocol/ids.ts";
import type { ServerConfig } from "./config.ts";
import { Core } from "./core/core.ts";
import type { Ids, Log } from "./core/ports.ts";
import { createDialler } from "./net/dialler.ts";
import { listen } from "./net/listener.ts";
import type { Listener } from "./net/listener.ts";
import { lockFolder } from "./storage/folder-lock.ts";
import { createPasswords } from "./storage/passwords.ts";
import { openServerDatabase, Store } from "./storage/store.ts";

export interface RunningServer {
  /** As the system names it, IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
  /** Stops taking requests, stores what is under way, lets every link leave. Idempotent; done within 10 s. */
  stop(): Promise<void>;
}

/** A sentence that says what to do; the program ends with exit code 1. */
export class StartFailure extends Error {}

const sweepMs = 500;
const linkGraceMs = 5_000;

/** @throws StartFailure */
export async function startServer(config: ServerConfig, clock: Clock, log: Log): Promise<RunningServer> {
  const owned = new DisposableList();
  try {
    owned.add(lock(config.data));
    const store = new Store(openStore(config.data), clock, log);
    owned.add({ dispose: () => store.close() });
    const core = new Core(
      {
        clock,
        log,
        accounts: store.directory,
        blocks: store.directory,
        tokens: store.tokens,
        mailbox: store.mailbox,
        passwords: createPasswords(),
        dialler: createDialler(clock),
        ids: createIds(),
      },
      {
        registration: config.registration,
        classic: config.classic,
        server: { name: "chat-room", version: programVersion },
      },
    );
    const sweeper = setInterval(() => {
      store.sweep();
      core.sweep();
    }, sweepMs);
    owned.add({ dispose: () => clearInterval(sweeper) });
    const listener = await bind(config, core, clock);
    log.info("started", { address: listener.address, port: listener.port, version: programVersion });
    let stopped: Promise<void> | undefined;
    return {
      address: listener.address,
      port: listener.port,
      stop: () => (stopped ??= stop(listener, core, store, owned, log)),
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

/** What the operator can do about a data folder that does not open. */
export function databaseProblem(folder: string, error: unknown): string {
  if (error instanceof CorruptDatabase) {
    return `${error.message}. Restore the data folder from a backup, or move the file away to start with an empty one.`;
  }
  if (error instanceof NewerDatabase) return error.message;
  return `The database in ${folder} cannot be opened (${reasonOf(error)}). Check the folder's owner, rights and free space.`;
}

async function bind(config: ServerConfig, core: Core, clock: Clock): Promise<Listener> {
  const { host, port } = config;
  try {
    return await listen({ host, port, clock, connect: (link, openedMs) => core.connect(link, openedMs) });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const advice: Record<string, string> = {
      EADDRINUSE: "Another program uses that port: stop it, or choose another one with --port (0 takes any free one).",
      EACCES: "This user may not use that port: choose one above 1023 with --port.",
      EADDRNOTAVAIL: "This machine does not have that address: choose another one with --host.",
    };
    const known = typeof code === "string" ? advice[code] : undefined;
    throw new StartFailure(`Cannot listen on ${host}, port ${port}. ${known ?? reasonOf(error)}`, { cause: error });
  }
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
