// Several clients log in to one account at the same time, each from its own address, with random delays. Whatever the
// order, one of them has the session in the end.

import { insideSimulation } from "./doors.ts";
import type { PlainClient } from "./plain-client.ts";
import { World } from "./world.ts";

export interface RaceOutcome {
  readonly seed: number;
  readonly racers: number;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

/** Time for all to be let in, although the server may be busy for some, who come back; and for the last kill to arrive. */
const longestMs = 120_000;
const settleMs = 1_000;

export async function raceLogins(seed: number): Promise<RaceOutcome> {
  const world = new World(seed);
  const { scheduler, network, chance, bench } = world;
  const racers = chance.integer(2, 8);
  await insideSimulation({ scheduler, network, chance }, async () => {
    world.addUser("ann");
    world.server.start();
    const clients = Array.from({ length: racers }, (_, index) => world.addPlain("ann", `ann${index}`, false));
    for (const client of clients) {
      client.start();
      if (chance.happens(0.3)) client.machine.path.mostMs = 150;
      scheduler.after(chance.between(0, chance.pick([0, 30, 300])), undefined, () => client.login());
    }
    await scheduler.run(longestMs, () => clients.every(({ logins }) => logins > 0));
    await scheduler.run(scheduler.nowMs + settleMs);
    judge(world, clients);
  });
  world.dispose();
  return { seed, racers, violations: bench.violations, trace: bench.trace.lines };
}

function judge({ bench, server }: World, clients: readonly PlainClient[]): void {
  const signedIn = clients.filter((client) => client.signedIn);
  if (signedIn.length !== 1) bench.violation(`${signedIn.length} of ${clients.length} are signed in`);
  const sessions = Array.from(server.core?.sessions.all() ?? []);
  if (sessions.length !== 1 || sessions[0]?.link === undefined) bench.violation(`${sessions.length} sessions live`);
  for (const { name, logins, kills, signedIn: won } of clients) {
    if (logins !== 1) bench.violation(`${name} was told ${logins} times that it is signed in`);
    if (kills !== (won ? 0 : 1)) bench.violation(`${name} ${won ? "won" : "lost"} and heard ${kills} kills`);
  }
}
