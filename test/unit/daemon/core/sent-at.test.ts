import assert from "node:assert/strict";
import { believedTime } from "../../../../daemon/core/sent-at.ts";
import { contactViews } from "../../../../daemon/core/contact-views.ts";
import { arrivalOf } from "../../../../protocol/api/model.ts";
import { World } from "./world.ts";

const dayMs = 24 * 60 * 60_000;
const now = 20_000 * dayMs;

describe("core: the clock of another person", () => {
  it("is believed for what can be", () => {
    assert.equal(believedTime(undefined, now), now);
    for (const said of [now, now + 60_000, now - 30 * dayMs]) assert.equal(believedTime(said, now), said);
    for (const said of [8.64e15, Number.MAX_SAFE_INTEGER]) assert.equal(believedTime(said, now), now + 5 * 60_000);
    assert.equal(believedTime(0, now), now - 31 * dayMs);
    assert.equal(believedTime(77, 1_000), 77);
  });

  it("does not say what is newest: that goes by arrival, after a restart too", () => {
    const world = new World().connected();
    world.nowMs = now;
    world.do(world.push("ahead", "one", "a1", { ts: now + dayMs }));
    world.do(world.push("behind", "two", "b1", { ts: now - dayMs }));
    const newest = (): string | undefined =>
      contactViews(world.state).sort((a, b) => arrivalOf(b) - arrivalOf(a))[0]?.name;
    assert.equal(newest(), "behind");
    world.open();
    assert.equal(newest(), "behind");
    world.do(world.push("ahead", "three", "a2"));
    assert.equal(newest(), "ahead");
  });
});
