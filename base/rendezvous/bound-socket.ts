// The listening socket of the one process of a folder: bound, and bound again if its file was removed or replaced while it
// listened. Existing connections stay.

import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { chmodSync, rmSync } from "node:fs";
import { fileAt } from "../files/file-identity.ts";
import { forgetAddress, isFile, shownAddress } from "./socket-address.ts";
import type { ChooseAddress, SystemFacts } from "./socket-address.ts";

export interface BoundSocketOptions {
  readonly folder: string;
  readonly surroundings: SystemFacts;
  readonly choose: ChooseAddress;
  onSocket(socket: Socket): void;
  /** An error of the listening socket (too many open files): it concerns one caller, who tries again. */
  onError(error: Error): void;
}

export class BoundSocket {
  readonly #options: BoundSocketOptions;
  #address: string;
  #server: Server | undefined;
  /** The file that was bound; undefined for a name that is not a file. */
  #file: string | undefined;

  /** @param before where the previous process listened */
  constructor(options: BoundSocketOptions, before: string | undefined) {
    this.#options = options;
    this.#address = options.choose(options.folder, options.surroundings, before);
  }

  get address(): string {
    return this.#address;
  }

  /** Whether the socket file is still the one that was bound. */
  get stands(): boolean {
    return this.#file === undefined || fileAt(this.#address) === this.#file;
  }

  /** @throws an error with a sentence if something listens there, or the system's error */
  async bind(): Promise<void> {
    // This process holds the lock, so whatever is left there is stale, unless something answers.
    if (await answers(this.#address))
      throw new Error(`Another program listens at ${shownAddress(this.#address)}. End it, and try again.`);
    await this.#listen();
  }

  /** The previous file is gone, or not ours. @throws the system's error */
  async bindAgain(): Promise<void> {
    // Closing a socket removes whatever is at its path, so it comes first.
    this.#server?.close();
    const { choose, folder, surroundings } = this.#options;
    this.#address = choose(folder, surroundings, this.#address);
    await this.#listen();
  }

  /** Idempotent. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
    forgetAddress(this.#address);
  }

  async #listen(): Promise<void> {
    const path = this.#address;
    const hasFile = isFile(path);
    if (hasFile) rmSync(path, { force: true, recursive: true });
    const server = createServer((socket) => this.#options.onSocket(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path, backlog: 511 }, () => {
        server.off("error", reject);
        resolve();
      });
    });
    server.on("error", (error) => this.#options.onError(error));
    if (!hasFile) return;
    chmodSync(path, 0o600);
    this.#file = fileAt(path);
  }
}

/** Whether something listens there. */
export async function answers(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ path: address });
    const done = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}
