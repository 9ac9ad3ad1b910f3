// The listening socket of the one process of a folder: bound, and bound again where its file was removed or replaced while
// it listened. Whoever is connected already stays so.

import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { chmodSync, rmSync } from "node:fs";
import { fileAt } from "../files/file-identity.ts";
import { forgetAddress, isFile, shownAddress } from "./address.ts";
import type { ChooseAddress, SystemFacts } from "./address.ts";

export interface BoundSocketOptions {
  readonly folder: string;
  readonly surroundings: SystemFacts;
  readonly choose: ChooseAddress;
  onSocket(socket: Socket): void;
  /** Of the listening socket (too many open files): it concerns one caller, who tries again. */
  onError(error: Error): void;
}

export class BoundSocket {
  readonly #options: BoundSocketOptions;
  #address: string;
  #server: Server | undefined;
  /** The file that was bound; undefined for a name that is none. */
  #file: string | undefined;

  /** @param before where the process before this one listened */
  constructor(options: BoundSocketOptions, before: string | undefined) {
    this.#options = options;
    this.#address = options.choose(options.folder, options.surroundings, before);
  }

  get address(): string {
    return this.#address;
  }

  /** The socket file is still the one that was bound. */
  get stands(): boolean {
    return this.#file === undefined || fileAt(this.#address) === this.#file;
  }

  /** @throws with a sentence where something listens there, or with what the system says */
  async bind(): Promise<void> {
    // Nobody else holds the place: what is left there is stale, unless something answers.
    if (await answers(this.#address))
      throw new Error(`Another program listens at ${shownAddress(this.#address)}. End it, and try again.`);
    await this.#listen();
  }

  /** The file of before is gone, or not ours. @throws what the system says */
  async bindAgain(): Promise<void> {
    // A socket that is closed removes whatever lies at its path, so it goes first.
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

/** Whether somebody listens there. */
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
