// The server: the real core, storage and links on a simulated machine, without the listening socket of the system. What
// the core and its clients say to each other passes the witness.

import type { DatabaseSync } from "node:sqlite";
import type { MessageId } from "../../../protocol/ids.ts";
import { Core } from "../../../server/core/core.ts";
import type { Link, LinkEvents, Log, Passwords, Ports } from "../../../server/core/ports.ts";
import { createDialler } from "../../../server/net/dialler.ts";
import { SocketLink } from "../../../server/net/link.ts";
import { migrations } from "../../../server/storage/schema.ts";
import { Store } from "../../../server/storage/store.ts";
import type { Chance } from "./chance.ts";
import type { Machine, Process } from "./machine.ts";
import type { Network } from "./network.ts";
import type { Witness } from "./witness.ts";

export const serverAddress = "10.0.0.1";
export const serverPort = 8765;
const sweepMs = 500;
const linkGraceMs = 5_000;

/** Stands between a link and the core. */
export type AlterLink = (link: Link, connect: (link: Link) => LinkEvents) => LinkEvents;

export interface ServerParts {
  readonly machine: Machine;
  readonly network: Network;
  readonly chance: Chance;
  readonly log: Log;
  readonly witness: Witness;
  /** Where a defect is built in. */
  readonly alterPorts: (ports: Ports) => Ports;
  readonly alterLink: AlterLink;
}

export class ServerMachine {
  readonly machine: Machine;
  readonly #parts: ServerParts;
  core: Core | undefined;
  #stopListening: () => void = () => undefined;
  #store: Store | undefined;
  #links = new Set<SocketLink>();

  constructor(parts: ServerParts) {
    this.machine = parts.machine;
    this.#parts = parts;
  }

  get database(): DatabaseSync {
    return this.machine.disk.database("chat-room", (made) => {
      for (const statements of migrations) made.exec(statements);
    });
  }

  start(): void {
    this.machine.start((process) => this.#begin(process));
  }

  crash(): void {
    this.machine.crash();
    this.core = undefined;
    this.#parts.witness.serverGone();
  }

  /** As on SIGTERM: see server.ts. */
  stop(): void {
    const { machine, core } = this;
    const { process } = machine;
    if (!process || !core) return;
    machine.run(() => {
      this.#stopListening();
      core.stop();
      this.#store?.flush();
    });
    machine.scheduler.after(linkGraceMs, undefined, () => {
      if (machine.process === process) this.crash();
    });
  }

  #begin(process: Process): void {
    const { network, chance, log, witness, alterPorts, alterLink } = this.#parts;
    const { clock } = process;
    const store = new Store(this.database, clock, log);
    const run = chance.integer(0, 0x7fff_ffff).toString(36);
    let messages = 0;
    const ports: Ports = {
      ...{ clock, log, accounts: store.directory, blocks: store.directory, tokens: store.tokens },
      mailbox: store.mailbox,
      passwords: this.#passwords(process),
      dialler: witness.dialler(createDialler(clock, true)),
      ids: { messageId: () => `${run}-${(messages += 1)}` as MessageId },
    };
    const options = {
      ...({ registration: "closed", classic: false, requestsPerSecond: chance.pick([0, 5, 20]) } as const),
      server: { name: "chat-room", version: "simulated" },
    };
    const core = new Core(alterPorts(ports), options);
    const sweep = (): void => {
      process.clock.setTimer(sweepMs, sweep);
      store.sweep();
      core.sweep();
    };
    sweep();
    this.#store = store;
    this.core = core;
    this.#links = new Set();
    this.#stopListening = network.listen(process, serverPort, (socket) => {
      const openedMs = clock.monotonicMs();
      this.#links.add(
        new SocketLink(socket.asSocket, clock, (link) =>
          witness.connection(link, (seen) => alterLink(seen, (altered) => core.connect(altered, openedMs))),
        ),
      );
    });
  }

  /** Checks take a while, and the busy ones are refused, as with the real ones. */
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
