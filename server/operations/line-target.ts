// Writes to a descriptor that the server was started with, stdout or stderr, without ever blocking. Its reader may stop
// reading: a pager, a log driver, a terminal with Ctrl+S. A blocking write would stop the server, and one in another thread
// would keep the process from ending. So a pipe, a socket or a terminal is written to in non-blocking mode: through an open
// file description of its own if the system gives one, because the inherited one is shared with others. Files, and what
// cannot be made non-blocking, are written to by the thread pool.

import { constants, fstatSync, openSync, write, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";

export interface LineTarget {
  /**
   * @param done receives how much was accepted, and why no more if there was an error; called before it returns, or later
   */
  write(bytes: Buffer, done: (taken: number, error: Error | undefined) => void): void;
  /** For the last lines of a process: writes what is accepted at once. */
  writeNow(bytes: Buffer): void;
  /** A write is in progress that ends only when somebody reads; the process cannot end before that. */
  readonly stuck: boolean;
}

/** @param descriptor 1 or 2 */
export function openLineTarget(descriptor: number): LineTarget {
  const nonBlocking = toNonBlocking(descriptor);
  return nonBlocking === undefined ? new PoolTarget(descriptor) : new NonBlockingTarget(nonBlocking);
}

class NonBlockingTarget implements LineTarget {
  readonly stuck = false;
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Buffer, done: (taken: number, error: Error | undefined) => void): void {
    let taken = 0;
    let error: Error | undefined;
    try {
      taken = writeSync(this.#descriptor, bytes);
    } catch (thrown) {
      if (!wouldBlock(thrown)) error = asError(thrown);
    }
    done(taken, error);
  }

  writeNow(bytes: Buffer): void {
    this.write(bytes, () => undefined);
  }
}

class PoolTarget implements LineTarget {
  readonly #descriptor: number;
  #underWay = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  get stuck(): boolean {
    return this.#underWay;
  }

  write(bytes: Buffer, done: (taken: number, error: Error | undefined) => void): void {
    this.#underWay = true;
    write(this.#descriptor, bytes, (error, taken) => {
      this.#underWay = false;
      done(error ? 0 : taken, error ?? undefined);
    });
  }

  writeNow(bytes: Buffer): void {
    try {
      if (fstatSync(this.#descriptor).isFile()) writeSync(this.#descriptor, bytes);
    } catch {
      // There is nowhere else to report it.
    }
  }
}

/** @returns a descriptor that never blocks; undefined if there is none */
function toNonBlocking(descriptor: number): number | undefined {
  if (process.platform === "win32") return undefined;
  const found = fstatSync(descriptor);
  if (isatty(descriptor)) return reopened(descriptor);
  if (found.isFIFO()) return reopened(descriptor) ?? switched(descriptor);
  if (found.isSocket()) return switched(descriptor);
  // /dev/null and similar devices accept everything at once.
  return found.isCharacterDevice() ? descriptor : undefined;
}

/** On Linux: opens the same pipe or terminal again. One that belongs to another user is refused. */
function reopened(descriptor: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return openSync(`/proc/self/fd/${descriptor}`, flags);
  } catch {
    return undefined;
  }
}

const switchedSockets: Socket[] = [];

/** Node.js makes the descriptor of a socket non-blocking; nothing is written through the socket itself. */
function switched(descriptor: number): number | undefined {
  try {
    switchedSockets.push(new Socket({ fd: descriptor, readable: false, writable: true }).unref());
    return descriptor;
  } catch {
    return undefined;
  }
}

function wouldBlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
