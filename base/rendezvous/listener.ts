// For the one process of a folder: takes the place (a lock that the kernel gives back), binds, publishes where, and
// hands out sockets whose other end proved that it is the same user. Makes room for a newer build when it is idle.

import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { chmodSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { ensurePrivateFolder } from "../home.ts";
import { chooseAddress, chooseNameOutside, isFile, shownAddress, surroundings } from "./address.ts";
import type { Surroundings } from "./address.ts";
import {
  lifeLockFile,
  publishEndpoint,
  readEndpoint,
  readRetirements,
  withdrawEndpoint,
  writeRetirements,
} from "./files.ts";
import { admit, makeToken, sendVerdict } from "./handshake.ts";
import { tryLock } from "./lock.ts";
import type { HeldLock } from "./lock.ts";
import { decide, mayRetire, recentRetirements } from "./version-rule.ts";
import type { ProtocolRange } from "./version-rule.ts";

export interface ListenOptions {
  readonly folder: string;
  readonly build: number;
  readonly protocol: ProtocolRange;
  readonly clock: Clock;
  /** How long to wait for a predecessor that makes room, in milliseconds. Default 15,000. */
  readonly waitMs?: number;
  readonly surroundings?: Surroundings;
  /** What this process is called in a sentence. Default "The daemon". */
  readonly subject?: string;
  /** The caller looked at the folder: others may see what is in it, not change it. There is no socket in it then. */
  readonly isOpen?: boolean;
  /** Takes the socket over; called for authenticated callers only. */
  onConnection(socket: Socket): void;
  /** True while it must not be replaced. */
  isBusy(): boolean;
  /** A newer caller waits for the place: store everything and end. Nothing is accepted any more. */
  onRetire(): void;
  /** Somebody came who is not the same user, or does not speak this language. For the log. */
  onDropped?(reason: string): void;
}

export interface Listener {
  readonly address: string;
  /** Accepts nobody any more; keeps the place, so that no successor starts before everything is stored. Idempotent. */
  stopAccepting(): void;
  /** Gives the place back. Idempotent. */
  dispose(): void;
}

/** More callers than that in their handshake at once are turned away; they try again. */
const maxHandshakes = 256;

/**
 * @returns undefined where another process serves this folder already
 * @throws with a sentence where the folder is not private, or with what the system says
 */
export async function listen(options: ListenOptions): Promise<Listener | undefined> {
  const isOpen = options.isOpen === true;
  if (!isOpen) ensurePrivateFolder(options.folder);
  const life = await takePlace(options);
  if (!life) return undefined;
  try {
    const choose = isOpen ? chooseNameOutside : chooseAddress;
    const address = choose(options.folder, options.surroundings ?? surroundings());
    // Nobody else holds the place: what is left there is stale, unless something answers.
    if (await answers(address)) {
      throw new Error(`Another program listens at ${shownAddress(address)}. End it, and try again.`);
    }
    if (isFile(address)) rmSync(address, { force: true });
    const place = new Place(options, address, life);
    await place.bind();
    return place;
  } catch (error) {
    life.release();
    throw error;
  }
}

class Place implements Listener {
  readonly address: string;
  readonly #options: ListenOptions;
  readonly #life: HeldLock;
  readonly #token = makeToken();
  readonly #server: Server;
  #handshakes = 0;
  #attached = 0;
  #accepting = true;

  constructor(options: ListenOptions, address: string, life: HeldLock) {
    this.#options = options;
    this.address = address;
    this.#life = life;
    this.#server = createServer((socket) => void this.#meet(socket));
  }

  async bind(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ path: this.address, backlog: 511 }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    // Later errors of the listening socket (too many open files) concern one caller, who tries again.
    this.#server.on("error", (error) => this.#options.onDropped?.(error.message));
    try {
      if (isFile(this.address)) chmodSync(this.address, 0o600);
      publishEndpoint(this.#options.folder, { address: this.address, token: this.#token });
    } catch (error) {
      this.#server.close();
      throw error;
    }
  }

  stopAccepting(): void {
    if (!this.#accepting) return;
    this.#accepting = false;
    withdrawEndpoint(this.#options.folder, this.#token);
    this.#server.close();
  }

  dispose(): void {
    this.stopAccepting();
    this.#life.release();
  }

  async #meet(socket: Socket): Promise<void> {
    socket.on("error", () => socket.destroy());
    if (!this.#accepting || this.#handshakes >= maxHandshakes) {
      socket.destroy();
      return;
    }
    this.#handshakes += 1;
    try {
      const caller = await admit(socket, this.#token, this.#options.clock);
      this.#judge(socket, caller);
    } catch (error) {
      socket.destroy();
      this.#options.onDropped?.(error instanceof Error ? error.message : String(error));
    } finally {
      this.#handshakes -= 1;
    }
  }

  #judge(socket: Socket, caller: Parameters<typeof decide>[1]): void {
    const { build, protocol, folder, clock, subject } = this.#options;
    if (!this.#accepting) {
      socket.destroy();
      return;
    }
    const busy = this.#attached > 0 || this.#options.isBusy();
    const retired = busy ? [] : readRetirements(folder);
    const running = { subject, build, protocol, busy, mayRetire: mayRetire(retired, clock.nowMs()) };
    const verdict = decide(running, caller);
    sendVerdict(socket, verdict);
    if (verdict.kind === "attach") {
      this.#attached += 1;
      socket.once("close", () => (this.#attached -= 1));
      this.#options.onConnection(socket);
      return;
    }
    socket.end();
    if (verdict.kind === "refuse") return;
    writeRetirements(folder, [...recentRetirements(retired, clock.nowMs()), clock.nowMs()]);
    this.stopAccepting();
    this.#options.onRetire();
  }
}

/** Waits while a predecessor makes room; gives up at once where one serves. */
async function takePlace(options: ListenOptions): Promise<HeldLock | undefined> {
  const deadline = performance.now() + (options.waitMs ?? 15_000);
  for (;;) {
    const life = tryLock(lifeLockFile(options.folder));
    if (life) return life;
    const endpoint = readEndpoint(options.folder);
    if (performance.now() > deadline || (endpoint && (await answers(endpoint.address)))) return undefined;
    await sleep(25);
  }
}

async function answers(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ path: address });
    const done = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}
