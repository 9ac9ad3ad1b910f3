// Clocks that are years off, and processes that run for weeks in which nothing happens. Nothing expires by the wall clock;
// messages in a mailbox, and unused sessions, expire after 30 days in which the server ran [P-3.4, P-5.3].

import type { Chance } from "./chance.ts";
import type { World } from "./world.ts";

const day = 24 * 60 * 60 * 1_000;
const years = 20 * 365 * day;
const paceMs = 10_000;
const leapMs = { least: 60_000, most: 40 * day };

/** Plans this from `fromMs` to `untilMs`. */
export function planWrongClocks(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  const { bench, scheduler } = world;
  for (let atMs = fromMs; atMs < untilMs; atMs += chance.between(0, 2 * paceMs)) {
    scheduler.after(atMs, undefined, () => {
      const { machine } = chance.happens(0.6) ? world.server : chance.pick([world.server, ...world.daemons]);
      if (chance.happens(0.7)) {
        machine.wallOffsetMs = chance.between(-years, years);
        bench.note(`fault: the wall clock of ${machine.name} is ${(machine.wallOffsetMs / day).toFixed()} days off`);
        return;
      }
      const ms = chance.between(leapMs.least, leapMs.most);
      if (!machine.process) return;
      bench.note(`fault: ${machine.name} ran for ${(ms / day).toFixed(1)} days`);
      machine.process.clock.leap(ms);
      machine.wallOffsetMs += ms;
      if (machine === world.server.machine) bench.leaptMs += ms;
    });
  }
}
