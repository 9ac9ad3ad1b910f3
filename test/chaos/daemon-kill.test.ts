// Daemons killed at random points in a conversation, alone and together with the server [P-5]. A message is acknowledged
// when `send` has answered; a daemon's history holds exactly what was shown. The histories decide.

import { scaled, chaos, report } from "./support/chaos.ts";
import type { Chance } from "./support/chance.ts";
import { Pair } from "./support/pair.ts";
import type { Resident } from "./support/pair.ts";
import { within } from "./support/until.ts";

const roundMs = 30_000;

describe("daemons that are killed in a conversation", () => {
  let pair: Pair | undefined;
  afterEach(async () => {
    await pair?.dispose();
    pair = undefined;
  });

  chaos("lose nothing, show each id once and in order [P-5.1] [P-5.4] [P-5.6]", async (chance) => {
    pair = await Pair.start(chance);
    const kills = scaled(30, 3_000);
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = chance.pick([pair.a, pair.b]);
      await round(pair, chance, async () => await victim.kill());
      await victim.revive();
    }
    await settle(pair, chance);
    report(`${kills} kills of a daemon: ${pair.ledger.judge()}`);
  });

  chaos("lose nothing when the server is killed with them [P-5.1] [P-5.2] [P-5.4] [P-5.6]", async (chance) => {
    pair = await Pair.start(chance);
    const { a, b } = pair;
    const kills = scaled(20, 3_000);
    for (let kill = 0; kill < kills; kill += 1) {
      const both: readonly Resident[] = [a, b];
      const victims: readonly Resident[] = chance.onceIn(3) ? both : [chance.pick([a, b])];
      const now = pair;
      await round(pair, chance, async () => {
        await Promise.all([now.killServer(), ...victims.map((victim) => victim.kill())]);
      });
      await Promise.all([now.reviveServer(), ...victims.map((victim) => victim.revive())]);
    }
    await settle(pair, chance);
    report(`${kills} kills of the server and of daemons at once: ${pair.ledger.judge()}`);
  });
});

/** Both write; the kill comes after a seeded number of changes that the two views were shown. */
async function round(pair: Pair, chance: Chance, kill: () => Promise<void>): Promise<void> {
  const { a, b } = pair;
  const shownBefore = a.view.changes.length + b.view.changes.length;
  const changes = chance.between(1, 40);
  const shown = (): number => a.view.changes.length + b.view.changes.length - shownBefore;
  const reached = new Promise<void>((resolve) => {
    for (const resident of [a, b]) {
      resident.impatient = true;
      resident.onShown = () => {
        if (shown() >= changes) resolve();
      };
    }
  });
  // At least twenty messages: each is shown when it is sent, answered and received.
  const writing = [write(a, b, chance.between(10, 25)), write(b, a, chance.between(10, 25))];
  await within(() => `${changes} changes, ${shown()} came`, roundMs, reached);
  await kill();
  await Promise.all(writing);
  pair.calm();
}

/** Writes one message after the other, as a person does; stops if the daemon is gone. */
async function write(by: Resident, to: Resident, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) if (!(await by.write(to))) return;
}

/** Sends a last message each way, which arrives only after everything before it. Then reads the histories. */
async function settle(pair: Pair, chance: Chance): Promise<void> {
  const { a, b } = pair;
  for (const resident of [a, b]) resident.impatient = true;
  for (const [by, to] of [[a, b] as const, [b, a] as const]) {
    await write(by, to, chance.between(1, 5));
    const last = await by.write(to);
    if (!last) throw new Error(`${by.name} could not write`);
    await arrived(to, last.mid);
    const mids = new Set<string>();
    for (const { own, text, mid } of await to.read(by)) {
      if (own) continue;
      if (mids.has(mid)) pair.ledger.complain(`the id ${mid} is there twice`);
      mids.add(mid);
      pair.ledger.shown(text);
    }
  }
}

/** Waits, however long the outbox has become, as long as something more arrives. */
async function arrived(to: Resident, mid: string): Promise<void> {
  const { view } = to;
  const found = (): boolean => view.changes.some((message) => message.mid === mid && message.state === "received");
  while (!found()) {
    const shown = view.changes.length;
    await view.until("something more", () => view.changes.length > shown);
  }
}
