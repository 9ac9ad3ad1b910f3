// Reactions in a run [P-4.15]: added and removed at random. At the end both sides of a conversation show the same ones,
// whatever was resent, waited in a mailbox or was refused in between.

import type { Chance } from "./chance.ts";
import type { DaemonMachine } from "./daemon-machine.ts";
import type { World } from "./world.ts";

const emoji = ["\u{1f44d}", "\u{1f389}"];
const paceMs = 1_500;

/** Plans reactions from `fromMs` to `untilMs`. */
export function planReactions(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  for (let atMs = fromMs; atMs < untilMs; atMs += chance.between(0, 2 * paceMs)) {
    world.scheduler.after(atMs, undefined, () => {
      if (world.daemons.length === 0) return;
      const daemon = chance.pick(world.daemons);
      const other = chance.pick(world.users.filter((user) => user !== daemon.user));
      const newest = daemon.state?.contacts.get(`user:${other}`)?.lastSeq ?? 0;
      if (newest === 0) return;
      const seq = chance.integer(Math.max(1, newest - 2), newest);
      daemon.react(other, seq, chance.pick(emoji), chance.happens(0.6));
    });
  }
}

/** Only between people with one device each, because another device has its own history. */
export function checkReactions(world: World): void {
  const alone = world.daemons.filter(({ user }) => world.devicesOf(user).length === 1);
  for (const one of alone) {
    for (const other of alone) {
      if (one !== other) compare(world, one, other);
    }
  }
}

/** Compares the reactions of `one` on messages that both have. */
function compare(world: World, one: DaemonMachine, other: DaemonMachine): void {
  const given = reactionsOf(one, one.user, other.user);
  const seen = reactionsOf(other, one.user, one.user);
  const doubtful = refusedLate(one, other);
  for (const [message, shown] of given) {
    const there = seen.get(message);
    if (there === undefined || there === shown || doubtful.has(message.split(" ")[1] ?? "")) continue;
    world.bench.violation(`${one.name} gave ${message} [${shown}], ${other.name} shows [${there}]`);
  }
}

/**
 * Returns the ids of messages on which a reaction by `one` was refused although it had arrived: its first copy got no
 * answer, then the other person blocked `one`, and a restarted server, or the other route, does not know that copy. The
 * person was told that it failed, as for a message that failed [P-5.4].
 */
function refusedLate(one: DaemonMachine, other: DaemonMachine): Set<string> {
  const refused = changesOf(one, one.user, "AND state = 'failed'");
  const arrived = changesOf(other, one.user, "");
  return new Set([...refused].filter(([mid]) => arrived.has(mid)).map(([, target]) => target));
}

/** Returns the messages that the changes of `author` are about, by the ids of the changes. */
function changesOf(daemon: DaemonMachine, author: string, condition: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const database of daemon.machine.disk.databases) {
    const rows = database
      .prepare(`SELECT mid, target FROM event WHERE seq < 0 AND sender = ? ${condition}`)
      .all(author);
    for (const row of rows) found.set(String(row["mid"]), String(row["target"]));
  }
  return found;
}

/** Returns the emoji of `author`, by sender and id of each message of that conversation. */
function reactionsOf(daemon: DaemonMachine, author: string, other: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const database of daemon.machine.disk.databases) {
    const rows = database
      .prepare(
        `SELECT event.sender || ' ' || mid AS name, group_concat(emoji, ' ' ORDER BY emoji) AS shown
          FROM event LEFT JOIN reaction ON reaction.event = event.id AND reaction.sender = ?
          WHERE conversation = ? AND seq > 0 GROUP BY event.id`,
      )
      .all(author, `user:${other}`);
    for (const row of rows) found.set(String(row["name"]), String(row["shown"] ?? ""));
  }
  return found;
}
