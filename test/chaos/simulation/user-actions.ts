// What people do, drawn at random: write, block, ask for addresses, sign in on a second device, sign out, read.

import { BriefClient } from "./brief-client.ts";
import type { Chance } from "./chance.ts";
import type { DaemonMachine } from "./daemon-machine.ts";
import { LateClient } from "./late-client.ts";
import type { PlainClient, PlainParts } from "./plain-client.ts";
import { RefusingClient } from "./refusing-client.ts";
import type { World } from "./world.ts";

/** Creates the people of a run. */
export function settle(world: World, chance: Chance): void {
  const names = ["ann", "bob", "cid", "dan", "eve"].slice(0, chance.integer(3, 5));
  const certainDaemons = chance.happens(0.4) ? 1 : 2;
  for (const [index, user] of names.entries()) {
    world.addUser(user);
    if (index < certainDaemons || chance.happens(0.5)) {
      world.addDaemon(user, `${user}1`);
      if (chance.happens(0.35)) world.addDaemon(user, `${user}2`);
    } else {
      world.addPlain(user, `${user}1`, chance.happens(0.7));
      if (chance.happens(0.35)) world.addPlain(user, `${user}2`, chance.happens(0.5));
    }
  }
  addExtras(world, chance);
  const { scheduler } = world;
  world.server.start();
  for (const each of [...world.daemons, ...world.plain]) {
    const first = each.name.endsWith("1");
    scheduler.after(chance.between(0, 2_000), undefined, () => {
      each.start();
      if (first && "login" in each) each.login();
      else if (first && "signIn" in each) each.signIn();
    });
  }
}

function addExtras(world: World, chance: Chance): void {
  const add = (user: string, listens: boolean, make: (parts: PlainParts) => PlainClient): void => {
    world.addUser(user);
    world.addPlain(user, `${user}1`, listens, make);
  };
  if (world.mix.has("brief")) add("fay", chance.happens(0.4), (parts) => new BriefClient(parts));
  if (world.mix.has("late")) add("gil", false, (parts) => new LateClient(parts));
  if (world.mix.has("refusing")) add("hal", false, (parts) => new RefusingClient(parts));
}

/** Plans their actions from `fromMs` to `untilMs`. */
export function drawUserActions(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  const paceMs = chance.between(100, 1_200);
  for (let atMs = fromMs; atMs < untilMs; atMs += chance.between(0, 2 * paceMs)) {
    world.scheduler.after(atMs, undefined, () => {
      const someone = chance.pick([...world.daemons, ...world.plain]);
      if (!someone.machine.runs) return;
      const others = world.users.filter((user) => user !== someone.user);
      if ("signIn" in someone) daemonActs(world, chance, someone, chance.pick(others));
      else plainActs(world, chance, someone, chance.pick(others));
    });
  }
}

function padding(chance: Chance): number {
  return chance.happens(0.04) ? chance.integer(1_000, 50_000) : chance.integer(0, 40);
}

function daemonActs(world: World, chance: Chance, daemon: DaemonMachine, other: string): void {
  const { bench } = world;
  const doing = chance.integer(0, 99);
  if (doing < 66) {
    for (let more = chance.happens(0.2) ? chance.integer(2, 6) : 1; more > 0; more -= 1) {
      const text = bench.write(daemon.name, daemon.user, other, padding(chance));
      bench.note(`${daemon.name} writes ${bench.short(text)}`);
      daemon.send(other, text);
    }
  } else if (doing < 74) {
    const text = bench.write(daemon.name, daemon.user, undefined, 0);
    bench.note(`${daemon.name} writes ${bench.short(text)}`);
    daemon.send(undefined, text);
  } else if (doing < 79) {
    bench.note(`${daemon.name} blocks ${other}`);
    daemon.setBlocked(other, true);
  } else if (doing < 84) {
    bench.note(`${daemon.name} unblocks ${other}`);
    daemon.setBlocked(other, false);
  } else if (doing < 92) {
    daemon.readAll(other);
  } else if (doing < 97) {
    if (daemon.state?.session.state === "signedOut" || chance.happens(0.1)) {
      bench.note(`${daemon.name} signs in`);
      daemon.signIn();
    }
  } else if (doing < 98) {
    bench.note(`${daemon.name} signs out`);
    daemon.signOut();
  }
}

function plainActs(world: World, chance: Chance, client: PlainClient, other: string): void {
  const { bench } = world;
  const doing = chance.integer(0, 99);
  if (!client.wanted) {
    if (doing < 40) client.login();
    return;
  }
  if (doing < 50)
    client.send(other, bench.write(client.name, client.user, other, padding(chance)), chance.happens(0.7));
  else if (doing < 58) client.send(undefined, bench.write(client.name, client.user, undefined, 0), chance.happens(0.5));
  else if (doing < 62) client.ask({ type: "block", target: other });
  else if (doing < 68) client.ask({ type: "unblock", target: other });
  else if (doing < 82) client.ask({ type: "address", target: other });
  else if (doing < 85) client.ask({ type: "online" });
  else if (doing < 88) client.ask({ type: "presence", state: chance.pick(["available", "away", "dnd"]) });
  else if (doing < 91) client.ask({ type: "signal", to: other, kind: "typing" });
  else if (doing < 93) client.ask({ type: chance.pick(["nonsense", "message", "users"]) });
  else if (doing < 97) client.hangUp();
  else client.logout();
}
