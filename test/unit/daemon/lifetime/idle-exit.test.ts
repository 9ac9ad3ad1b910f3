import assert from "node:assert/strict";
import { IdleExit } from "../../../../daemon/lifetime/idle-exit.ts";
import { missingRuntimeFeatures } from "../../../../daemon/lifetime/check-runtime.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("the daemon's end by itself", () => {
  let clock: FakeClock;
  let neededUntilMs: number;
  let ended: number;
  let idle: IdleExit;

  beforeEach(() => {
    clock = new FakeClock();
    neededUntilMs = 0;
    ended = 0;
    const neededForMs = (): number => Math.max(0, neededUntilMs - clock.nowMs());
    idle = new IdleExit({ clock, afterMs: 60_000, neededForMs, onIdle: () => (ended += 1) });
  });

  it("comes when a first client never did", () => {
    clock.advance(59_999);
    assert.equal(ended, 0);
    clock.advance(1);
    assert.equal(ended, 1);
  });

  it("comes 60 s after the last client left, not before", () => {
    idle.changed(2);
    clock.advance(600_000);
    idle.changed(1);
    clock.advance(600_000);
    idle.changed(0);
    clock.advance(59_999);
    idle.changed(1);
    clock.advance(600_000);
    assert.equal(ended, 0);
    idle.changed(0);
    clock.advance(60_000);
    assert.equal(ended, 1);
  });

  it("does not come while it hosts a server", () => {
    neededUntilMs = Infinity;
    idle.changed(0);
    clock.advance(600_000);
    assert.equal(ended, 0);
    neededUntilMs = 0;
    idle.changed(0);
    clock.advance(60_000);
    assert.equal(ended, 1);
  });

  it("comes when what waits has waited for long enough, or 60 s after it has gone", () => {
    neededUntilMs = clock.nowMs() + 600_000;
    idle.changed(0);
    clock.advance(599_999);
    assert.equal(ended, 0);
    clock.advance(1);
    assert.equal(ended, 1);

    neededUntilMs = clock.nowMs() + 600_000;
    idle.changed(0);
    neededUntilMs = 0;
    idle.changed(0);
    clock.advance(60_000);
    assert.equal(ended, 2);
  });

  it("is put off where more came to wait meanwhile", () => {
    neededUntilMs = clock.nowMs() + 600_000;
    idle.changed(0);
    neededUntilMs += 600_000;
    clock.advance(600_000);
    assert.deepEqual([ended, clock.pending], [0, 1]);
    clock.advance(600_000);
    assert.equal(ended, 1);
  });
});

describe("what the daemon needs", () => {
  it("is said plainly where it is missing", () => {
    assert.equal(
      missingRuntimeFeatures(() => true),
      undefined,
    );
    assert.match(
      missingRuntimeFeatures(() => false, "v20.1.0") ?? "",
      /Node v20\.1\.0\) has no SQLite\. Use VS Code 1\.106/,
    );
    const unsearchable = missingRuntimeFeatures(
      () => true,
      "v22.13.0",
      () => false,
    );
    assert.match(unsearchable ?? "", /Node v22\.13\.0\) has no full-text search in its SQLite\. Use .* Node 22\.15/);
  });
});
