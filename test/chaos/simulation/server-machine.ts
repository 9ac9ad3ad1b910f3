// The server: the real core, storage and links on a simulated machine, without the system's listening socket. The traffic
// between the core and its clients passes through the witness.

import type { MessageId } from "../../../protocol/ids.ts";
import { isLoopback } from "../../../protocol/ip/loopback.ts";
import { addressGroup } from "../../../server/core/limits/address-group.ts";
import { Core } from "../../../server/core/core.ts";
import type { Link, LinkEvents, Log, Passwords, Ports } from "../../../server/core/ports.ts";
import { createDialler } from "../../../server/net/dialler.ts";
import { SocketLink } from "../../../server/net/socket-link.ts";
import { LongLineBudget } from "../../../server/net/long-lines.ts";
import { migrations } from "../../../server/storage/schema.ts";
import type { Store } from "../../../server/storage/store.ts";
import type { Chance } from "./chance.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { Machine, Process } from "./machine.ts";
import type { Network } from "./network.ts";
import { openSimulatedStorage } from "./storage.ts";
import type { Witness } from "./witness.ts";

export const serverAddress = "10.0.0.1";
export const serverPort = 8765;
const sweepMs = 500;
const roundMs = 250;
const pingMs = 2_000;
const linkGraceMs = 5_000;
const supervisorMs = 1_000;

/** Sits between a link and the core. */
export type AlterLink = (link: Link, connect: (link: Link) => LinkEvents) => LinkEvents;

export interface ServerParts {
  readonly machine: Machine;
  readonly network: Network;
  readonly chance: Chance;
  readonly log: Log;
  readonly witness: Witness;
  /** Inserts a defect. */
  readonly alterPorts: (ports: Ports) => Ports;
  readonly alterLink: AlterLink;
}

export class ServerMachine {
  readonly machine: Machine;
  readonly #parts: ServerParts;
  core: Core | undefined;
  #stopListening: () => void = () => undefined;
  #store: Store | undefined;
  #stopping: Process | undefined;

  constructor(parts: ServerParts) {
    this.machine = parts.machine;
    this.#parts = parts;
  }

  get database(): SimulatedDatabase {
    return this.machine.disk.database("chat-room", (made) => {
      for (const statements of migrations) made.exec(statements);
    });
  }

  /** Whether it was told to stop and is still running. */
  get stopping(): boolean {
    return this.#stopping?.alive === true;
  }

  start(): void {
    this.machine.start((process) => this.#begin(process));
  }

  crash(): void {
    this.machine.crash();
    this.core = undefined;
    this.#parts.witness.serverGone();
  }

  /** Stops as on SIGTERM: see server.ts. */
  stop(): void {
    const { machine, core } = this;
    const store = this.#store;
    if (!machine.process || !core) return;
    this.#stopping = machine.process;
    machine.run(({ clock }) => {
      this.#stopListening();
      core.stop();
      void store?.flush();
      clock.setTimer(linkGraceMs, () => {
        void store?.close(0);
        this.crash();
      });
    });
  }

  #begin(process: Process): void {
    try {
      this.#store = this.#serve(process);
    } catch (error) {
      if (!process.alive) return;
      // Its disk fails. A supervisor starts it again.
      this.#parts.log.error("start_failed", { error: String(error) });
      const { machine } = this;
      this.crash();
      machine.scheduler.after(supervisorMs, undefined, () => {
        if (!machine.runs) this.start();
      });
    }
  }

  #serve(process: Process): Store {
    const { network, chance, log, witness, alterPorts, alterLink } = this.#parts;
    const { clock } = process;
    const store = openSimulatedStorage(this.database, { process, chance: chance.fork(), log });
    const run = chance.integer(0, 0x7fff_ffff).toString(36);
    let messages = 0;
    const { accounts, blocks, tokens, devices, mailbox, outcomes } = store;
    const ports: Ports = {
      ...{ clock, log, accounts, blocks, tokens, devices, mailbox, outcomes },
      passwords: this.#passwords(process),
      dialler: witness.dialler(createDialler(clock, true, isLoopback)),
      ids: { messageId: () => `${run}-${(messages += 1)}` as MessageId },
    };
    const options = {
      ...({ registration: "closed", classic: false, requestsPerSecond: chance.pick([0, 5, 20]) } as const),
      server: { name: "chat-room", version: "simulated" },
    };
    const core = new Core(alterPorts(ports), options);
    this.core = core;
    repeat(clock, sweepMs, () => core.sweep());
    repeat(clock, roundMs, () => core.round());
    repeat(clock, pingMs, () => store.ping());
    const longLines = new LongLineBudget();
    this.#stopListening = network.listen(process, serverPort, (socket) => {
      const openedMs = clock.monotonicMs();
      const address = socket.remoteAddress;
      const { secure = false, peerKey } = network.at(address)?.wire ?? {};
      new SocketLink(socket.asSocket, {
        ...{ clock, address, secure, peerKey },
        longLines: longLines.holder(addressGroup(address)),
        onTrusted: () => undefined,
        connect: (link) =>
          witness.connection(link, (seen) => alterLink(seen, (altered) => core.connect(altered, openedMs))),
      });
    });
    return store;
  }

  /** Password checks take a while, and some are refused as busy, like the real ones. */
  #passwords({ clock }: Process): Passwords {
    const { chance } = this.#parts;
    const later = <T>(value: T): Promise<T> =>
      new Promise((resolve) => clock.setTimer(chance.between(5, 80), () => resolve(value)));
    return {
      hash: (password) => later(`hash of ${password}`),
      check: (password, stored) =>
        later(chance.happens(0.03) ? "busy" : stored === `hash of ${password}` ? "right" : "wrong"),
    };
  }
}

function repeat(clock: Process["clock"], everyMs: number, act: () => void): void {
  clock.setTimer(everyMs, () => {
    repeat(clock, everyMs, act);
    act();
  });
}
