// For the one process of a folder: takes the lock (which the kernel releases), binds, publishes the address, and hands out
// sockets whose other end proved that it is the same user. Makes room for a newer build when nothing is in progress.

import type { Socket } from "node:net";
import { hostname } from "node:os";
import type { Clock } from "../clock.ts";
import { ensurePrivateFolder } from "../home/home.ts";
import { chooseAddress, chooseNameOutside, systemFacts } from "./socket-address.ts";
import type { SystemFacts } from "./socket-address.ts";
import { BoundSocket } from "./bound-socket.ts";
import {
  publishEndpoint,
  publishHolder,
  readEndpoint,
  readRetirements,
  withdrawEndpoint,
  withdrawHolder,
  writeRetirements,
} from "./files.ts";
import { admit, makeToken, sendVerdict } from "./handshake.ts";
import { ServingClaim } from "./serving-claim.ts";
import { countOlder, decide, makesRoom, mayRetire, recentRetirements } from "./version-rule.ts";
import type { Caller, ProtocolRange, Running } from "./version-rule.ts";

export interface ListenOptions {
  readonly folder: string;
  readonly build: number;
  readonly protocol: ProtocolRange;
  readonly clock: Clock;
  /** How long to wait for a predecessor that makes room, in milliseconds. Default 15,000. */
  readonly waitMs?: number;
  readonly surroundings?: SystemFacts;
  /** What this process is called in a sentence. Default "The daemon". */
  readonly subject?: string;
  /** The caller has checked the folder: others may see what is in it, but not change it. The socket is then elsewhere. */
  readonly isOpen?: boolean;
  /** Takes over the socket; called for authenticated callers only. */
  onConnection(socket: Socket): void;
  /** True while something is in progress that a replacement would cut off. */
  isBusy(): boolean;
  /** A newer process is about to take over: store everything and end. Nothing is accepted any more. */
  onRetire(): void;
  /** A caller was dropped because it is not the same user, or does not speak this protocol. For the log. */
  onDropped?(reason: string): void;
}

/**
 * `repaired`: its files were gone or not its own. `lost`: the folder or its lock is gone or another's, so nobody finds it.
 */
export type Standing = "well" | "repaired" | "lost";

export interface Listener {
  readonly address: string;
  /** Callers that are connected and not newer: while there is one, no newer build takes over. */
  readonly older: number;
  /** Checks the files by which callers find it, and publishes them again if somebody removed them. */
  lookAfter(): Promise<Standing>;
  /** Makes room now if a newer build waits to take over and nothing is in the way. */
  makeRoom(): void;
  /** Accepts nobody any more, but keeps the lock, so that no successor starts before everything is stored. Idempotent. */
  stopAccepting(): void;
  /** Releases the lock. Idempotent. */
  dispose(): void;
}

/** Callers beyond this many in their handshake at once are turned away; they try again. */
const maxHandshakes = 256;

/**
 * @returns undefined if another process already serves this folder
 * @throws an error with a sentence if the folder is not private, or the system's error
 */
export async function listen(options: ListenOptions): Promise<Listener | undefined> {
  if (options.isOpen !== true) ensurePrivateFolder(options.folder);
  const place = await ServingClaim.take(options.folder, options.waitMs ?? 15_000);
  if (!place) return undefined;
  try {
    const host = new Host(options, place);
    await host.start();
    return host;
  } catch (error) {
    place.release();
    throw error;
  }
}

class Host implements Listener {
  readonly #options: ListenOptions;
  readonly #place: ServingClaim;
  readonly #socket: BoundSocket;
  readonly #token = makeToken();
  readonly #attached = new Map<Socket, Caller>();
  #looking: Promise<Standing> | undefined;
  #handshakes = 0;
  #accepting = true;

  constructor(options: ListenOptions, place: ServingClaim) {
    this.#options = options;
    this.#place = place;
    const bound = {
      choose: options.isOpen === true ? chooseNameOutside : chooseAddress,
      ...{ folder: options.folder, surroundings: options.surroundings ?? systemFacts() },
      onSocket: (socket: Socket) => void this.#meet(socket),
      onError: (error: Error) => options.onDropped?.(error.message),
    };
    this.#socket = new BoundSocket(bound, readEndpoint(options.folder)?.address);
  }

  get address(): string {
    return this.#socket.address;
  }

  get older(): number {
    return countOlder(this.#running());
  }

  async start(): Promise<void> {
    try {
      await this.#socket.bind();
      this.#publish();
    } catch (error) {
      this.#socket.close();
      throw error;
    }
  }

  async lookAfter(): Promise<Standing> {
    this.#looking ??= this.#lookAfter().finally(() => (this.#looking = undefined));
    return await this.#looking;
  }

  makeRoom(): void {
    if (this.#accepting && makesRoom(this.#running())) this.#retire();
  }

  stopAccepting(): void {
    if (!this.#accepting) return;
    this.#accepting = false;
    withdrawEndpoint(this.#options.folder, this.#token);
    this.#socket.close();
  }

  dispose(): void {
    this.stopAccepting();
    const { folder, isOpen } = this.#options;
    if (isOpen !== true && this.#place.check() === "held") withdrawHolder(folder);
    this.#place.release();
  }

  #publish(): void {
    const { folder, isOpen } = this.#options;
    if (isOpen !== true) publishHolder(folder, { pid: process.pid, host: hostname() });
    publishEndpoint(folder, { address: this.address, token: this.#token });
  }

  async #lookAfter(): Promise<Standing> {
    if (!this.#accepting) return "well";
    const place = this.#place.check();
    if (place === "lost") return "lost";
    const stands = this.#socket.stands;
    if (!stands) await this.#socket.bindAgain();
    if (place === "held" && stands && this.#isPublished()) return "well";
    this.#publishOrClose();
    return "repaired";
  }

  /** It may have stopped while it was bound again. */
  #publishOrClose(): void {
    if (this.#accepting) this.#publish();
    else this.#socket.close();
  }

  #isPublished(): boolean {
    try {
      const found = readEndpoint(this.#options.folder);
      return found?.token === this.#token && found.address === this.address;
    } catch {
      // Others can open it, or it is not a file: it is replaced.
      return false;
    }
  }

  #running(): Running {
    const { subject, build, protocol, folder, clock } = this.#options;
    const busy = this.#options.isBusy();
    return {
      ...{ subject, build, protocol, busy, attached: [...this.#attached.values()] },
      // Not read unless it matters: the file may be damaged, or its disk stuck.
      mayRetire: !busy && mayRetire(readRetirements(folder), clock.nowMs()),
    };
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

  #judge(socket: Socket, caller: Caller): void {
    if (!this.#accepting) {
      socket.destroy();
      return;
    }
    const verdict = decide(this.#running(), caller);
    sendVerdict(socket, verdict);
    if (verdict.kind === "attach") {
      this.#attached.set(socket, caller);
      socket.once("close", () => this.#attached.delete(socket));
      this.#options.onConnection(socket);
      return;
    }
    socket.end();
    if (verdict.kind === "retire") this.#retire();
  }

  #retire(): void {
    const { folder, clock } = this.#options;
    const nowMs = clock.nowMs();
    writeRetirements(folder, [...recentRetirements(readRetirements(folder), nowMs), nowMs]);
    this.stopAccepting();
    this.#options.onRetire();
  }
}
