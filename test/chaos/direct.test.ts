// Direct links under load: daemons killed, the server killed beside them, and every network fault on the bytes of the link,
// with the server up and with it down. Acknowledged messages are shown once and in order, whichever route they took [P-5].
// The histories on the daemons' disks decide.

import type { Neighbour } from "../integration/direct/neighbour.ts";
import { chaos, chaosAtOnce, report, scaled } from "./support/chaos.ts";
import type { Chance } from "./support/chance.ts";
import { directFaults } from "./support/direct-faults.ts";
import type { DirectFault } from "./support/direct-faults.ts";
import { DirectPair } from "./support/direct-pair.ts";
import type { Sent } from "./support/direct-pair.ts";
import { within } from "./support/until.ts";

/** A link that swallows data is closed 10 s after the last answer. */
const deafMs = 14_000;
const convergeMs = 30_000;

describe("direct links that are killed and cut", () => {
  let pair: DirectPair | undefined;
  // The faults share a pair until one of them does not heal.
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await end();
  });
  after(async () => await end());

  async function end(): Promise<void> {
    await pair?.dispose();
    pair = undefined;
  }

  for (const withServer of [false, true]) {
    const title = withServer ? "the server and daemons killed together" : "daemons killed";
    chaos(`${title}: nothing lost, repeated or reordered [P-5.1] [P-5.4] [P-5.6]`, async (chance) => {
      const now = (pair ??= await DirectPair.start(chance));
      const kills = withServer ? scaled(10, 1_000) : scaled(30, 1_000);
      for (let kill = 0; kill < kills; kill += 1) {
        await now.link();
        const victim = chance.pick([now.alice, now.bob]);
        await underLoad(now, chance, async () => {
          await Promise.all([victim.kill(), ...(withServer ? [now.killServer()] : [])]);
        });
        await victim.revive();
        if (withServer) await now.reviveServer();
        else await victim.untilConnected();
      }
      await converged(await now.writeBoth(1));
      report(`${kills} kills: ${await now.judge()}`);
    });
  }

  chaos("the server killed again and again: the link stands and carries on [P-5.4] [P-5.6]", async (chance) => {
    const now = (pair ??= await DirectPair.start(chance));
    const kills = scaled(10, 300);
    await now.link();
    const opened = now.toAlice.opened + now.toBob.opened;
    for (let kill = 0; kill < kills; kill += 1) {
      await underLoad(now, chance, async () => await now.killServer());
      await converged(await now.writeBoth(chance.between(1, 10)));
      const ways = now.people.map((person) => person.view.session.state);
      if (ways.includes("connected")) throw new Error("the server is dead and somebody is connected to it");
      await now.reviveServer();
    }
    if (now.toAlice.opened + now.toBob.opened > opened) throw new Error("the link did not outlive the server");
    report(`${kills} kills of the server: ${await now.judge()}`);
  });

  for (const serverAway of [false, true]) {
    for (const fault of directFaults.filter(({ kind }) => kind !== "deaf")) {
      chaos(titleOf(fault, serverAway), async (chance) => {
        report(await faults((pair ??= await DirectPair.start(chance)), fault, serverAway, chance));
      });
    }
  }
});

describe("direct links that die without a word", () => {
  for (const serverAway of [false, true]) {
    const deaf = directFaults.filter(({ kind }) => kind === "deaf");
    chaosAtOnce(
      deaf.map((fault) => ({
        title: titleOf(fault, serverAway),
        body: async (chance) => {
          const pair = await DirectPair.start(chance);
          return await faults(pair, fault, serverAway, chance).finally(() => pair.dispose());
        },
      })),
    );
  }
});

function titleOf(fault: DirectFault, serverAway: boolean): string {
  return `${fault.name}, the server ${serverAway ? "away" : "there"}: heals, nothing lost, repeated or reordered [P-5.4] [P-5.6]`;
}

/** @returns the figures as a sentence */
async function faults(pair: DirectPair, fault: DirectFault, serverAway: boolean, chance: Chance): Promise<string> {
  const rounds = scaled(1, 20);
  let slowestMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    slowestMs = Math.max(slowestMs, await faultUnderLoad(pair, fault, serverAway, chance));
  }
  return `${await pair.judge()}; healed within ${Math.round(slowestMs)} ms`;
}

/** Both write; the fault strikes after a seeded number of changes that the two views were shown. */
async function underLoad(pair: DirectPair, chance: Chance, strike: () => Promise<void> | void): Promise<Sent[]> {
  const [alice, bob] = [pair.alice.view, pair.bob.view];
  const before = alice.changes.length + bob.changes.length;
  const wanted = chance.between(1, 40);
  const reached = alice.until("changes", () => alice.changes.length + bob.changes.length - before >= wanted);
  const writing = Promise.all(pair.people.map((person) => pair.write(person, chance.between(15, 40))));
  await reached;
  await strike();
  return (await writing).flat();
}

/** @returns the milliseconds from the fault until everything has arrived */
async function faultUnderLoad(
  pair: DirectPair,
  fault: DirectFault,
  serverAway: boolean,
  chance: Chance,
): Promise<number> {
  await pair.link();
  if (serverAway) await pair.killServer();
  let struckMs = performance.now();
  const sent = await underLoad(pair, chance, () => {
    struckMs = performance.now();
    fault.strike([pair.toAlice, pair.toBob], chance);
  });
  sent.push(...(await pair.writeBoth(chance.between(2, 5))));
  if (fault.kind === "deaf") await Promise.all(pair.people.map((person) => givenUp(person, pair)));
  // Mild faults only slow things down; and while the server is up, nobody has to wait for the network to heal.
  if (fault.kind === "mild" || !serverAway) await within("arrived unhealed", convergeMs, converged(sent));
  const arrivedMs = performance.now();
  pair.heal();
  sent.push(...(await pair.writeBoth(chance.between(2, 5))));
  if (serverAway) await pair.reviveServer();
  await within("arrived", convergeMs, converged(sent));
  return arrivedMs - struckMs;
}

async function givenUp(person: Neighbour, pair: DirectPair): Promise<void> {
  const other = person === pair.alice ? pair.bob : pair.alice;
  await within(
    `${person.name} gives the link up`,
    deafMs,
    person.view.until("no link", () => person.route(other)?.kind !== "direct"),
  );
}

async function converged(sent: readonly Sent[]): Promise<void> {
  for (const { by, to, mid } of sent) {
    await to.view.untilMessage(mid, "received");
    await by.view.untilMessage(mid, "delivered", "queued", "read");
  }
}
