// The connections of one command to the daemon: opened on demand, which may start the daemon, and closed with the command.

import { systemClock } from "../../base/clock.ts";
import { untilFree } from "../../base/rendezvous/connect.ts";
import type { Started } from "../../base/rendezvous/connect.ts";
import { programBuild } from "../../base/version.ts";
import { ownVersion } from "../../client/start-daemon.ts";
import { daemonStatus } from "../../protocol/api/session.ts";
import { DaemonConnection } from "./daemon-connection.ts";
import { tellOfOlderDaemon } from "./older-daemon.ts";
import type { Output } from "../terminal/output.ts";
import { elsewhere, reach } from "./choose-daemon.ts";
import type { ChosenDaemon } from "./choose-daemon.ts";

/** Longer than a daemon needs to restore its files after somebody has removed them. */
const patienceMs = 35_000;

export class DaemonConnections {
  readonly #whose: ChosenDaemon;
  readonly #start: () => Promise<Started>;
  readonly #output: Output;
  readonly #opened: DaemonConnection[] = [];

  constructor(whose: ChosenDaemon, start: () => Promise<Started>, output: Output) {
    this.#whose = whose;
    this.#start = start;
    this.#output = output;
  }

  /** Connects, starting the daemon if it is not running and may be started. @throws an error with a sentence */
  async connect(): Promise<DaemonConnection> {
    const { home, address = "" } = this.#whose;
    const socket = await reach(this.#whose, ownVersion, this.#start);
    if (!socket) throw new Error(elsewhere(address));
    const client = await this.#checked(new DaemonConnection(socket));
    await tellOfOlderDaemon(client, { home, build: programBuild, clock: systemClock, output: this.#output });
    return client;
  }

  /** @returns undefined if no daemon runs @throws an error with a sentence */
  async connectOnly(): Promise<DaemonConnection | undefined> {
    const socket = await reach(this.#whose, { ...ownVersion, deadlineMs: patienceMs });
    if (socket) return await this.#checked(new DaemonConnection(socket));
    const { address, mayStart } = this.#whose;
    // It may be running where it cannot be seen from here.
    if (address !== undefined && !mayStart) throw new Error(elsewhere(address));
    return undefined;
  }

  /** Resolves with true once no daemon holds this home; with false if one still does after half a minute. */
  async untilEnded(): Promise<boolean> {
    return await untilFree(this.#whose.home, patienceMs);
  }

  close(): void {
    for (const client of this.#opened) client.close();
  }

  /** Checks which daemon answers. @throws if it is not the intended one */
  async #checked(client: DaemonConnection): Promise<DaemonConnection> {
    this.#opened.push(client);
    const { id, address = "" } = this.#whose;
    if (id === undefined) return client;
    const status = await client.request(daemonStatus, {});
    if (status.ok && status.homeId !== id) throw new Error(elsewhere(address));
    return client;
  }
}
