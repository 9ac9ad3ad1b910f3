// A descriptor that the server was started with, stdout or stderr, written to without ever waiting for it. Whoever reads may
// stand still: a pager, a log driver, a terminal with Ctrl+S. A write that waits would stop the server, and one that waits in
// another thread would keep the process from ending. So a pipe, a socket and a terminal are written to in non-blocking mode:
// through a description of one's own if the system gives one, because others share the one that was inherited. What cannot be
// made so, and a file, is written to by the thread pool.

import { constants, fstatSync, openSync, write, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";

export interface LineTarget {
  /** @param done told how much was taken, and why no more, if there was an error; called before it returns, or later */
  write(bytes: Buffer, done: (taken: number, error: Error | undefined) => void): void;
  /** For the last words of a process: what is taken at once. */
  writeNow(bytes: Buffer): void;
  /** A write is under way that ends only when somebody reads: the process cannot end before. */
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
      // There is nowhere else to say it.
    }
  }
}

/** @returns a descriptor that never waits; undefined if there is none */
function toNonBlocking(descriptor: number): number | undefined {
  if (process.platform === "win32") return undefined;
  const found = fstatSync(descriptor);
  if (isatty(descriptor)) return reopened(descriptor);
  if (found.isFIFO()) return reopened(descriptor) ?? switched(descriptor);
  if (found.isSocket()) return switched(descriptor);
  // /dev/null and its like take everything at once.
  return found.isCharacterDevice() ? descriptor : undefined;
}

/** On Linux: the same pipe or terminal, opened once more. Another user's is refused. */
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
