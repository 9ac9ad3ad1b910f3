// For callers: connects to the one process of a folder, authenticated both ways and ready for its protocol, and starts the
// process first if none runs. However many callers come at once, one process is started (`rendezvous.start` is their
// mutex).

import { existsSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../clock.ts";
import { isLocked, locksAvailable } from "../files/file-lock.ts";
import type { HeldLock } from "../files/file-lock.ts";
import { ensurePrivateFolder } from "../home/home.ts";
import { forgetStartFailure, lifeLockFile, readEndpoint, readStartFailure, startLockFile } from "./files.ts";
import type { Endpoint } from "./files.ts";
import { introduce, WrongPeer } from "./handshake.ts";
import { tryLock } from "./lock.ts";
import { endedAtOnce, noAnswer, notStarted, notTrusted, outOfReach } from "./start-errors.ts";
import type { ProtocolRange } from "./version-rule.ts";

export interface CallOptions {
  /** A private folder (0700) that is the same for every caller. */
  readonly folder: string;
  /** Where it listens, if known: replaces what the folder says, which may be the path as another machine sees it. */
  readonly address?: string;
  /** This program's place in the total order of builds. */
  readonly build: number;
  /** The protocol versions that this program speaks after the handshake. */
  readonly protocol: ProtocolRange;
  /** What the process is called in a sentence. Default "The daemon". */
  readonly subject?: string;
  /** How long the whole attempt may take, in milliseconds; default 20,000. The last handshake may still finish. */
  readonly deadlineMs?: number;
  /** For each line from the other end; default 5,000. */
  readonly handshakeMs?: number;
}

/** A process that was started, as far as its starter sees it. */
export interface Started {
  /** With its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface StartOptions extends CallOptions {
  /** Starts a process that will `listen` in this folder; it outlives the caller. May be called again after a failure. */
  start(): Promise<Started>;
}

/** The process started but could not serve: another try fails in the same way until a person has fixed something. */
export class StartFailed extends Error {}

type Attempt =
  | { readonly kind: "attached"; readonly socket: Socket }
  /** Nobody listens. */
  | { readonly kind: "none" }
  /** It accepted the connection and says nothing: it is busy, or hangs. */
  | { readonly kind: "silent" }
  /** The running process makes room for this newer build. */
  | { readonly kind: "retiring" }
  | { readonly kind: "refused"; readonly reason: string };

const defaultDeadlineMs = 20_000;

/**
 * Waits for a process that holds the lock and cannot be found at this moment: it starts, ends, or has to publish its
 * address again.
 * @returns undefined if no process runs
 * @throws an error whose message is a sentence for a person: refused, not trusted, or out of reach
 */
export async function connectOnly(options: CallOptions): Promise<Socket | undefined> {
  const deadline = deadlineOf(options);
  for (;;) {
    const found = await attempt(options, false);
    if (found.kind === "attached") return found.socket;
    if (found.kind === "refused") throw new Error(found.reason);
    if (found.kind === "none" && !holdsPlace(options.folder)) return undefined;
    await pause(deadline, () =>
      found.kind === "silent" ? noAnswer(options.folder, options.subject) : outOfReach(options.folder, options.subject),
    );
  }
}

/**
 * Returns the socket to the running process, or to one that `start` starts. Nothing beyond the handshake has been read from
 * it: attach the protocol's reader and it flows.
 * @throws an error whose message is a sentence for a person
 */
export async function connectOrStart(options: StartOptions): Promise<Socket> {
  ensurePrivateFolder(options.folder);
  const deadline = deadlineOf(options);
  for (;;) {
    const found = await attempt(options, true);
    if (found.kind === "attached") return found.socket;
    if (found.kind === "refused") throw new Error(found.reason);
    const lock = found.kind === "silent" ? undefined : startLock(options.folder);
    if (lock) {
      try {
        return await startAndAttach(options, deadline);
      } finally {
        lock.release();
      }
    }
    await pause(deadline, () => whyNot(options, found));
  }
}

/** Resolves once no process holds the lock any more; false if one still does after that time. */
export async function untilFree(folder: string, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (holdsPlace(folder)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Holds the start lock: nobody else starts a process meanwhile. */
async function startAndAttach(options: StartOptions, deadline: number): Promise<Socket> {
  let started: { exitCode: number | null | undefined } | undefined;
  for (;;) {
    const exitCode = started?.exitCode;
    const found = await attempt(options, true);
    if (found.kind === "attached") return found.socket;
    if (found.kind === "refused") throw new Error(found.reason);
    const failed = started ? readStartFailure(options.folder) : undefined;
    if (failed !== undefined) throw new StartFailed(failed);
    if (found.kind !== "silent") {
      if (!started || found.kind === "retiring") {
        forgetStartFailure(options.folder);
        const { ended } = await options.start();
        const latest: { exitCode: number | null | undefined } = { exitCode: undefined };
        void ended.then((code) => (latest.exitCode = code));
        started = latest;
      } else if (exitCode !== undefined && exitCode !== 0) {
        // Exit code 0: it found that another process serves, or is about to.
        throw new StartFailed(endedAtOnce(options.folder, exitCode));
      }
    }
    await pause(deadline, () => whyNot(options, found));
  }
}

async function attempt(options: CallOptions, canStart: boolean): Promise<Attempt> {
  const endpoint = endpointOf(options);
  const socket = endpoint && (await open(endpoint));
  if (!socket) return { kind: "none" };
  // Errors are seen by the socket's reader; without a listener they would end the process.
  const ignore = (): void => undefined;
  socket.on("error", ignore);
  try {
    const caller = { build: options.build, protocol: options.protocol, canStart };
    const verdict = await introduce(socket, endpoint.token, caller, systemClock, options.handshakeMs);
    if (verdict.kind === "attach") {
      process.nextTick(() => socket.off("error", ignore));
      return { kind: "attached", socket };
    }
    socket.destroy();
    return verdict.kind === "retire" ? { kind: "retiring" } : { kind: "refused", reason: verdict.reason };
  } catch (error) {
    const silent = !socket.destroyed && !socket.readableEnded;
    socket.destroy();
    // Between reading the file and connecting, a new process may have taken over: look again.
    if (readEndpoint(options.folder)?.token !== endpoint.token) return { kind: "none" };
    if (error instanceof WrongPeer) return { kind: "refused", reason: notTrusted(endpoint.address) };
    return { kind: silent ? "silent" : "none" };
  }
}

function endpointOf({ folder, address }: CallOptions): Endpoint | undefined {
  const endpoint = readEndpoint(folder);
  return endpoint && address !== undefined && existsSync(address) ? { ...endpoint, address } : endpoint;
}

/** @returns undefined if nobody listens */
async function open(endpoint: Endpoint): Promise<Socket | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ path: endpoint.address });
    socket.once("connect", () => {
      socket.off("error", none);
      resolve(socket);
    });
    const none = (): void => resolve(undefined);
    socket.once("error", none);
  });
}

/** Without SQLite there is no lock; then the started process says what is missing. */
function startLock(folder: string): Pick<HeldLock, "release"> | undefined {
  return locksAvailable ? tryLock(startLockFile(folder)) : { release: () => undefined };
}

function holdsPlace(folder: string): boolean {
  return locksAvailable && isLocked(lifeLockFile(folder));
}

function whyNot({ folder, subject }: CallOptions, found: Attempt): string {
  if (found.kind === "silent") return noAnswer(folder, subject);
  return holdsPlace(folder) ? outOfReach(folder, subject) : notStarted;
}

function deadlineOf({ deadlineMs = defaultDeadlineMs }: CallOptions): number {
  return performance.now() + deadlineMs;
}

/** @param why called for the sentence if the time is over */
async function pause(deadline: number, why: () => string): Promise<void> {
  if (performance.now() > deadline) throw new Error(why());
  await sleep(20 + 30 * Math.random());
}
