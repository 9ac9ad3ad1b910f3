// After the recovery: brings every device online once, so that its outbox can empty itself, and then compares what the
// disks and the programs report. Everything has to match within a bounded virtual time.

import { limits } from "../../../protocol/limits.ts";
import type { DaemonMachine } from "./daemon-machine.ts";
import { heal } from "./faults.ts";
import { Kept } from "./kept.ts";
import type { Machine } from "./machine.ts";
import { checkReactions } from "./reactions.ts";
import type { World } from "./world.ts";

/** The longest delay of an outbox, the longest back-off, and the server's wait for a recipient, one after the other. */
const boundMs = 150_000;

/** The longest time that a server takes to stop. */
const stopMs = 6_000;

/** @returns the virtual milliseconds it took */
export async function converge(world: World): Promise<number> {
  const startedMs = world.scheduler.nowMs;
  heal(world);
  const awakeMs = Math.max(
    ...[world.server, ...world.daemons, ...world.plain].map(({ machine }) => stalledMs(machine)),
  );
  const graceMs = world.server.stopping ? stopMs : 1;
  await world.scheduler.run(Math.max(awakeMs, startedMs) + graceMs, () => world.bench.violations.length > 0);
  // A stalled process may have had a pending order to stop.
  heal(world);
  const rounds = Math.max(1, ...world.users.map((user) => world.devicesOf(user).length));
  for (let round = 0; round < rounds && world.bench.violations.length === 0; round += 1) {
    // A user with fewer devices keeps the last one online: a token may end in a later round.
    const devices = world.users.flatMap((user) => world.devicesOf(user)[round] ?? world.devicesOf(user).at(-1) ?? []);
    await until(world, () => wants(world, devices).concat(round === rounds - 1 ? wantsAtLast(world) : []));
  }
  world.witness.checkAnswers();
  if (world.bench.violations.length === 0) judge(world);
  return world.scheduler.nowMs - startedMs;
}

function stalledMs({ process }: Machine): number {
  return process?.stalledUntilMs ?? 0;
}

/** Runs until nothing is missing any more; a violation if that takes too long. */
async function until(world: World, wanted: () => string[]): Promise<void> {
  const { scheduler, bench } = world;
  const endMs = scheduler.nowMs + boundMs;
  for (let missing = wanted(); missing.length > 0; missing = wanted()) {
    if (scheduler.nowMs >= endMs) bench.violation(`after ${boundMs} ms without faults: ${missing.join("; ")}`);
    if (bench.violations.length > 0) return;
    await scheduler.run(scheduler.nowMs + 1_000, () => bench.violations.length > 0);
  }
}

function wants(world: World, devices: readonly DaemonMachine[]): string[] {
  const wanted: string[] = [];
  for (const daemon of devices) {
    const state = daemon.state?.session.state;
    if (state === "signedOut") daemon.signIn();
    if (state !== "connected") wanted.push(`${daemon.name} is ${state ?? "gone"}`);
    else if (daemon.waiting > 0) wanted.push(`${daemon.name} has ${daemon.waiting} in its outbox`);
  }
  for (const client of world.plain) {
    if (client.wanted || !client.name.endsWith("1")) continue;
    const rival = world.plain.some((other) => other.user === client.user && other.wanted);
    if (!rival) client.login();
  }
  return wanted;
}

function wantsAtLast(world: World): string[] {
  const kept = new Kept(world);
  const wanted: string[] = [];
  for (const user of world.users) {
    const letters = kept.letters(user);
    if (letters > 0) wanted.push(`${letters} letters wait for ${user}`);
    const clients = world.plain.filter((client) => client.user === user);
    if (clients.length > 0 && clients.filter(({ signedIn }) => signedIn).length !== 1) wanted.push(`${user} is away`);
  }
  return wanted.concat(world.deliveries.missing, presenceTroubles(world));
}

/** Checks that every signed-in daemon sees everyone as the server does [P-4.11, P-6.5]. */
function presenceTroubles(world: World): string[] {
  const { core } = world.server;
  const troubles: string[] = [];
  for (const daemon of world.daemons) {
    if (!core || daemon.state?.session.state !== "connected") continue;
    const sessions = new Map(Array.from(core.sessions.all(), (session) => [session.account.name as string, session]));
    const kept = new Kept(world);
    for (const user of world.users) {
      if (user === daemon.user) continue;
      const hidden = kept.blocks(user, daemon.user);
      const expected = hidden ? "offline" : (sessions.get(user)?.state ?? "offline");
      const contact = daemon.state.contacts.get(`user:${user}`);
      const seen = contact?.presence ?? "offline";
      const who = hidden ? `${user}, who blocks them,` : user;
      if (seen !== expected) troubles.push(`${daemon.name} sees ${who} as ${seen}, not ${expected}`);
      if ((contact?.blocked === true) !== kept.blocks(daemon.user, user)) {
        troubles.push(`${daemon.name} has a wrong block of ${user}`);
      }
    }
  }
  return troubles;
}

function judge(world: World): void {
  const { bench, blocks } = world;
  const kept = new Kept(world);
  for (const pair of blocks.certain) {
    const [owner = "", target = ""] = pair.split(" ");
    if (!kept.blocks(owner, target)) bench.violation(`the block of ${target} by ${owner} is lost`);
  }
  for (const daemon of world.daemons) checkOutcome(world, daemon);
  // A reaction expires in a mailbox like a message.
  if (bench.leaptMs < limits.maxMailboxAgeMs) checkReactions(world);
}

/**
 * Whether the failure is acceptable: nobody was online for a broadcast; a person, or their client, refused the message, or
 * never fetched it.
 */
function mayFail({ bench, refusals }: World, to: string | undefined, text: string, code: unknown): boolean {
  if (to === undefined) return code === "offline";
  const expired = code === "offline" && bench.leaptMs > 0;
  return code === "blocked" || expired || (code === "refused" && refusals.wasRefused(text));
}

/**
 * Whether it is acceptable that the message is missing: it stays in the mailbox forever, or it expired there. Then another
 * device of its author may have been told so, and somebody who has read a later message counts as having read it.
 */
function mayNotHave({ bench }: World, kept: Kept, to: string, text: string, state: unknown): boolean {
  if (state === "queued" && kept.refused(to, text)) return true;
  return (state === "queued" || state === "read") && bench.leaptMs >= limits.maxMailboxAgeMs;
}

/** Checks that every own message has a final state, and that `delivered` is true. */
function checkOutcome(world: World, daemon: DaemonMachine): void {
  const kept = new Kept(world);
  for (const database of daemon.machine.disk.databases) {
    for (const row of database
      .prepare("SELECT body AS text, state, failure_code FROM event WHERE own = 1 AND seq > 0")
      .all()) {
      const text = String(row["text"]);
      const to = world.bench.writing(text)?.to;
      const [state, code] = [row["state"], row["failure_code"]];
      const mayMiss = to !== undefined && mayNotHave(world, kept, to, text, state);
      const known = to === undefined || state === "failed" || mayMiss || kept.onDevice(to, text) !== false;
      const final = state !== "sending" && (state !== "failed" || mayFail(world, to, text, code));
      if (known && final) continue;
      world.bench.violation(`${world.bench.short(text)} is ${String(state)} (${String(code)}) at ${daemon.name}`);
    }
  }
}
