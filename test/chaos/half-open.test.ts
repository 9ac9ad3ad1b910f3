// A connection that is dead without either end noticing, under an idle daemon and under one with a message in flight: how
// long until they are connected again after a person presses Retry, and (over a minute of real time, so only at the large
// scale) without anybody's help. network.test.ts has the same faults with a network that reports its recovery.

import assert from "node:assert/strict";
import { reconnect } from "../../protocol/api/session.ts";
import { chaos, large, report } from "./support/chaos.ts";
import type { Manner } from "./support/pipe.ts";
import { Pair } from "./support/pair.ts";
import { until } from "./support/until.ts";

/** A heartbeat every 25 s, and 30 s for its answer. */
const noticedMs = 60_000;
/** 3 s for the answer of the connection that seemed to be up, and a margin for a busy machine. */
const retriedMs = 6_000;

const dead: readonly (readonly [what: string, manner: Manner])[] = [
  ["whose bytes are swallowed", { kind: "swallow" }],
  ["in a black hole", { kind: "hold" }],
];

describe("a half-open connection", () => {
  let pair: Pair;
  afterEach(() => pair.dispose());

  for (const [what, manner] of dead) {
    chaos(
      `${what} is opened again when a person presses Retry, and nothing is lost [P-5.2] [P-8.4]`,
      async (chance) => {
        pair = await Pair.start(chance);
        const tookMs = await survive(pair, manner, () => {
          for (const { view } of [pair.a, pair.b]) void view.client.request(reconnect, {});
        });
        report(`back after ${Object.values(tookMs).map(Math.round).join(" and ")} ms`);
        for (const ms of Object.values(tookMs)) assert.ok(ms <= retriedMs);
      },
    );
  }

  if (large) {
    chaos("that nobody heals is noticed within a minute [P-4.9] [P-5.2] [P-8.4]", async (chance) => {
      pair = await Pair.start(chance);
      const tookMs = await survive(pair, { kind: "swallow" }, () => undefined);
      const [alice = 0, bob = 0] = [tookMs["alice"], tookMs["bob"]].map((ms) => Math.round((ms ?? 0) / 1_000));
      report(`who had a message under way was back after ${alice} s, the other one after ${bob} s`);
      for (const seconds of [alice, bob]) assert.ok(seconds * 1_000 <= noticedMs);
    });
  }
});

/**
 * Both connections die while a message is in flight.
 * @returns by name, the milliseconds until that daemon was connected again
 */
async function survive({ a, b }: Pair, manner: Manner, help: () => void): Promise<Record<string, number>> {
  const startMs = performance.now();
  const tookMs: Record<string, number> = {};
  const backAgain = [a, b].map(async ({ name, proxy, view }) => {
    const deadLinks = new Set(proxy.links);
    for (const { pipes } of deadLinks) pipes.up.manner = pipes.down.manner = manner;
    const isBack = (): boolean =>
      view.session.state === "connected" && [...proxy.links].some((link) => !deadLinks.has(link));
    await until(`${name} is back`, isBack, 2 * noticedMs);
    tookMs[name] = performance.now() - startMs;
  });
  const sent = await a.write(b);
  assert.ok(sent);
  help();
  await Promise.all(backAgain);
  await b.view.untilMessage(sent.mid, "received");
  await a.view.untilMessage(sent.mid, "delivered", "queued");
  return tookMs;
}
