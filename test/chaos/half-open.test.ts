// A connection that is dead without either end being told, and nobody there to help: how long until the daemon notices by
// itself, idle and with a message under way. Takes over a minute of real time, so only at the large scale; network.test.ts
// has the same fault with a network that answers again.

import assert from "node:assert/strict";
import { chaos, large, report } from "./support/chaos.ts";
import { Pair } from "./support/pair.ts";
import { until } from "./support/until.ts";

/** A heartbeat every 25 s, and 30 s for its answer. */
const noticedMs = 60_000;

if (large) {
  describe("a half-open connection that nobody heals", () => {
    chaos("is noticed within a minute, and nothing is lost [P-4.9] [P-5.2] [P-8.4]", async (chance) => {
      const pair = await Pair.start(chance);
      try {
        const { a, b } = pair;
        const startMs = performance.now();
        for (const { proxy } of [a, b]) {
          for (const { pipes } of proxy.links) pipes.up.manner = pipes.down.manner = { kind: "swallow" };
        }
        const noticed: Record<string, number> = {};
        const sent = await a.write(b);
        const backAgain = [a, b].map(async ({ name, view }) => {
          await until(`${name} noticed`, () => view.session.state !== "connected", 2 * noticedMs);
          noticed[name] = Math.round((performance.now() - startMs) / 1_000);
          await until(`${name} is back`, () => view.session.state === "connected", noticedMs);
        });
        await Promise.all(backAgain);
        await b.view.untilMessage(sent?.mid ?? "", "received");
        await a.view.untilMessage(sent?.mid ?? "", "delivered", "queued");
        report(
          `who had a message under way noticed after ${noticed["alice"]} s, the other one after ${noticed["bob"]} s`,
        );
        for (const seconds of Object.values(noticed)) assert.ok(seconds * 1_000 <= noticedMs);
      } finally {
        await pair.dispose();
      }
    });
  });
}
