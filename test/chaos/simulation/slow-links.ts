// Slow connections in a run: now and then a path carries a few bytes per millisecond, and somebody writes long messages to
// its owner. What is in flight takes longer than the server waits, and progresses all the time [P-5.2].

import type { Chance } from "./chance.ts";
import { DaemonMachine } from "./daemon-machine.ts";
import type { World } from "./world.ts";

const paceMs = 6_000;
const rate = { least: 4, most: 30 };
const lastsMs = { least: 10_000, most: 60_000 };

/** Plans slow connections from `fromMs` to `untilMs`. */
export function planSlowLinks(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  const { bench, scheduler } = world;
  for (let atMs = fromMs; atMs < untilMs; atMs += chance.between(0, 2 * paceMs)) {
    scheduler.after(atMs, undefined, () => {
      const slow = chance.pick([...world.daemons, ...world.plain]);
      const { path, name } = slow.machine;
      path.bytesPerMs = chance.between(rate.least, rate.most);
      bench.note(`fault: the line of ${name} carries ${path.bytesPerMs.toFixed(1)} bytes in a millisecond`);
      scheduler.after(chance.between(lastsMs.least, lastsMs.most), undefined, () => (path.bytesPerMs = Infinity));
      for (let writers = chance.integer(1, 3); writers > 0; writers -= 1) write(world, chance, slow.user);
    });
  }
}

/** Somebody writes messages that together take longer than the server waits for one. */
function write({ bench, daemons, plain }: World, chance: Chance, to: string): void {
  const writers = [...daemons, ...plain].filter(({ user, machine }) => user !== to && machine.runs);
  if (writers.length === 0) return;
  const writer = chance.pick(writers);
  for (let count = chance.integer(2, 8); count > 0; count -= 1) {
    const text = bench.write(writer.name, writer.user, to, chance.integer(5_000, 40_000));
    if (writer instanceof DaemonMachine) writer.send(to, text);
    else writer.send(to, text, true);
  }
}
