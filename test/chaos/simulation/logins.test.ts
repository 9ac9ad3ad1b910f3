import assert from "node:assert/strict";
import { raceLogins } from "./logins.ts";
import { chosenSeed, raceCount, report } from "./seeds.ts";

describe("logins that race for one account", () => {
  it(`leave one live session, and every loser heard kill, in ${raceCount} races [P-3.6, P-4.1]`, async function () {
    this.timeout(raceCount * 1_000);
    let racers = 0;
    const last = chosenSeed ?? raceCount;
    for (let seed = chosenSeed ?? 1; seed <= last; seed += 1) {
      const outcome = await raceLogins(seed);
      assert.deepEqual(outcome.violations, [], report(outcome));
      racers += outcome.racers;
    }
    assert.ok(racers >= 2);
  });
});
