// The faults of a run, drawn at random, one at a time or several at once; and the recovery from all of them.

import type { Chance } from "./chance.ts";
import type { DaemonMachine } from "./daemon-machine.ts";
import type { Machine } from "./machine.ts";
import type { ServerMachine } from "./server-machine.ts";
import type { World } from "./world.ts";

const day = 24 * 60 * 60 * 1_000;

/** Plans faults from `fromMs` to `untilMs`. */
export function injectFaults(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  for (let count = chance.integer(2, 14); count > 0; count -= 1) {
    world.scheduler.after(chance.between(fromMs, untilMs), undefined, () => fault(world, chance));
  }
}

export function heal(world: World): void {
  world.bench.note("everything heals");
  for (const machine of [world.server.machine, ...world.machines]) {
    machine.path.heal();
    machine.disk.heal();
  }
  for (const client of world.plain) client.stay();
  for (const program of [world.server, ...world.daemons, ...world.plain]) if (!program.machine.runs) program.start();
}

function fault(world: World, chance: Chance): void {
  const { bench, scheduler } = world;
  const machine = chance.pick(world.machines);
  const program = chance.happens(0.4) || world.daemons.length === 0 ? world.server : chance.pick(world.daemons);
  // Sometimes long enough for a session to expire by silence [P-4.9].
  const forMs = chance.between(100, chance.happens(0.1) ? 90_000 : 25_000);
  const until = scheduler.nowMs + forMs;
  switch (chance.integer(0, 10)) {
    case 0:
    case 1:
      bench.note(`fault: the link of ${machine.name} is cut`);
      world.network.cut(machine, chance.pick([1, 100, 15_000]));
      return;
    case 2:
      bench.note(`fault: the path of ${machine.name} is held for ${forMs.toFixed()} ms`);
      if (chance.happens(0.7)) machine.path.heldFromMs = until;
      if (chance.happens(0.7)) machine.path.heldToMs = until;
      return;
    case 3:
      bench.note(`fault: the path of ${machine.name} is slow`);
      machine.path.mostMs = chance.between(100, 12_000);
      scheduler.after(forMs, undefined, () => machine.path.heal());
      return;
    case 4:
      stall(world, chance.happens(0.2) ? world.server.machine : machine, forMs);
      return;
    case 5:
    case 6:
      crash(world, chance, program, forMs / 4);
      return;
    case 7:
      crashAtCommit(world, chance, program, forMs / 4);
      return;
    case 8:
      breakDisk(world, chance, program.machine, forMs);
      return;
    case 9:
      bench.note(`fault: the wall clock of ${program.machine.name} jumps`);
      program.machine.wallOffsetMs = chance.between(-10 * day, 10 * day);
      return;
    case 10:
      if (program === world.server) world.server.stop();
      else if ("stop" in program) program.stop();
      bench.note(`fault: ${program.machine.name} is stopped`);
      scheduler.after(forMs / 4 + 6_000, undefined, () => restart(world, program));
  }
}

function stall(world: World, machine: Machine, forMs: number): void {
  if (!machine.process) return;
  world.bench.note(`fault: ${machine.name} stands still for ${forMs.toFixed()} ms`);
  // Never shorter than before, because later events rely on the order.
  machine.process.stalledUntilMs = Math.max(machine.process.stalledUntilMs, world.scheduler.nowMs + forMs);
}

function crash(world: World, chance: Chance, program: ServerMachine | DaemonMachine, forMs: number): void {
  world.bench.note(`fault: ${program.machine.name} is killed`);
  program.crash();
  world.scheduler.after(chance.happens(0.3) ? 0 : forMs, undefined, () => restart(world, program));
}

function crashAtCommit(world: World, chance: Chance, program: ServerMachine | DaemonMachine, forMs: number): void {
  const { disk } = program.machine;
  disk.crashIn = { commits: chance.integer(1, 6), committed: chance.happens(0.5) };
  const onCrash = (): void => {
    world.bench.note(`fault: ${program.machine.name} dies at a commit`);
    program.crash();
    world.scheduler.after(forMs, undefined, () => restart(world, program));
  };
  disk.onCrash = onCrash;
}

function breakDisk(world: World, chance: Chance, { disk, name }: Machine, forMs: number): void {
  if (chance.happens(0.5)) {
    world.bench.note(`fault: the disk of ${name} will fail once`);
    disk.failIn = chance.integer(1, 8);
    return;
  }
  world.bench.note(`fault: the disk of ${name} is full`);
  disk.full = true;
  world.scheduler.after(forMs, undefined, () => (disk.full = false));
}

function restart(world: World, program: ServerMachine | DaemonMachine): void {
  if (program.machine.runs) return;
  world.bench.note(`${program.machine.name} starts`);
  program.start();
}
