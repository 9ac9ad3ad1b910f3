// One run: a server, some people with their devices and clients, their actions, the faults, the recovery, and the
// judgement. The same seed and options give the same run.

import type { Ports } from "../../../server/core/ports.ts";
import { Bench } from "./bench.ts";
import { Chance } from "./chance.ts";
import { DaemonMachine } from "./daemon-machine.ts";
import { traceLog } from "./trace-log.ts";
import { Kept } from "./kept.ts";
import { BlockJudge } from "./judges/blocks.ts";
import { ConsentJudge } from "./judges/consents.ts";
import { DeliveryJudge } from "./judges/deliveries.ts";
import { PortJudge } from "./judges/ports.ts";
import { PushJudge } from "./judges/pushes.ts";
import { ReadingJudge } from "./judges/readings.ts";
import { RefusalJudge } from "./judges/refusals.ts";
import { SessionJudge } from "./judges/sessions.ts";
import type { Judge } from "./line.ts";
import { Machine, Process } from "./machine.ts";
import { mixOf } from "./mix.ts";
import type { Mix } from "./mix.ts";
import { Network } from "./network.ts";
import { PlainClient } from "./plain-client.ts";
import type { PlainParts } from "./plain-client.ts";
import { Scheduler } from "./scheduler.ts";
import { Screen } from "./screen.ts";
import { ServerMachine, serverAddress } from "./server-machine.ts";
import type { AlterLink } from "./server-machine.ts";
import { Witness } from "./witness.ts";

export interface WorldOptions {
  /** Inserts a defect into the ports. */
  readonly alterPorts?: (ports: Ports) => Ports;
  /** Like `alterPorts`, between the links and the core. */
  readonly alterLink?: AlterLink;
  /** In place of the one that belongs to the seed. */
  readonly mix?: Mix;
}

const firstPort = 4_000;

export class World {
  readonly scheduler = new Scheduler();
  readonly chance: Chance;
  readonly mix: Mix;
  readonly bench = new Bench(this.scheduler);
  readonly network: Network;
  readonly server: ServerMachine;
  readonly witness: Witness;
  readonly daemons: DaemonMachine[] = [];
  readonly plain: PlainClient[] = [];
  readonly users: string[] = [];
  readonly sessions = new SessionJudge(this.bench, () => this.server.machine.disk.failedMs);
  readonly blocks = new BlockJudge(this.bench);
  readonly refusals = new RefusalJudge(this.bench);
  readonly deliveries: DeliveryJudge;
  #machines = 1;

  constructor(seed: number, options: WorldOptions = {}) {
    const { bench, scheduler } = this;
    this.chance = new Chance(seed);
    this.mix = options.mix ?? mixOf(seed);
    this.network = new Network(scheduler, this.chance.fork(), serverAddress);
    const kept = new Kept(this);
    const readings = new ReadingJudge(bench, {
      inMailbox: (user, text) => kept.inMailbox(user, text),
      failedMs: () => this.server.machine.disk.failedMs,
    });
    this.deliveries = new DeliveryJudge(bench, kept, (user, text) => readings.mayHaveMissed(user, text));
    this.witness = new Witness(bench, [this.sessions, this.blocks, this.deliveries, readings, ...this.#others()]);
    const machine = new Machine("server", serverAddress, scheduler);
    this.network.add(machine);
    this.server = new ServerMachine({
      ...{ machine, network: this.network, chance: this.chance.fork(), witness: this.witness },
      log: traceLog(bench, "server"),
      alterPorts: options.alterPorts ?? ((ports) => ports),
      alterLink: options.alterLink ?? ((link, connect) => connect(link)),
    });
    machine.disk.onCrash = () => this.server.crash();
    scheduler.onThrow = (error, owner) => {
      const who = owner instanceof Process ? owner.machine.name : "the simulation";
      // What a killed process still does until the end of its turn does not count.
      if (owner?.alive !== false) bench.violation(`${who} threw ${error instanceof Error ? String(error.stack) : ""}`);
    };
  }

  get machines(): Machine[] {
    return [...this.daemons, ...this.plain].map(({ machine }) => machine);
  }

  /** Creates an account on the disk, as `chat-room-server user add` does. */
  addUser(user: string): void {
    this.users.push(user);
    this.server.database
      .prepare("INSERT INTO account (key, name, password, created_ms, public_id) VALUES (?, ?, ?, 0, ?)")
      .run(user, user, `hash of pw ${user}`, `id of ${user}`);
  }

  addDaemon(user: string, name: string): DaemonMachine {
    const { bench, blocks } = this;
    const machine = this.#machine(name);
    machine.wire = { secure: true, peerKey: `key of ${name}` };
    const screen = new Screen(name, user, bench, blocks);
    const parts = { machine, screen, user, chance: this.chance.fork(), log: traceLog(bench, name) };
    const daemon = new DaemonMachine(parts);
    machine.disk.onCrash = () => daemon.crash();
    this.daemons.push(daemon);
    return daemon;
  }

  /** @param make creates a kind of client, with or without acks */
  addPlain(
    user: string,
    name: string,
    listens: boolean,
    make: (parts: PlainParts) => PlainClient = (parts) => new PlainClient(parts),
  ): PlainClient {
    const { bench, network } = this;
    const machine = this.#machine(name);
    const port = listens ? firstPort + this.#machines : undefined;
    if (this.chance.happens(0.3)) {
      machine.wire = { secure: true, peerKey: this.chance.happens(0.5) ? `key of ${name}` : undefined };
    }
    const client = make({ machine, network, chance: this.chance.fork(), bench, user, port });
    this.plain.push(client);
    return client;
  }

  dispose(): void {
    for (const { disk } of [this.server.machine, ...this.machines]) disk.dispose();
  }

  devicesOf(user: string): DaemonMachine[] {
    return this.daemons.filter((daemon) => daemon.user === user);
  }

  #others(): Judge[] {
    const { bench } = this;
    return [new ConsentJudge(bench), new PortJudge(bench), new PushJudge(bench), this.refusals];
  }

  #machine(name: string): Machine {
    this.#machines += 1;
    const machine = new Machine(name, `10.0.0.${this.#machines}`, this.scheduler);
    this.network.add(machine);
    return machine;
  }
}
