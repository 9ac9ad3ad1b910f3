import assert from "node:assert/strict";
import { mock } from "node:test";
import { debounced, Emitter } from "../../../../extension/ui/signal.ts";

describe("a calmed signal", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  function heard(): { readonly changes: Emitter<number>; readonly told: number[]; readonly stop: () => void } {
    const changes = new Emitter<number>();
    const told: number[] = [];
    let now = 0;
    changes.on((value) => (now = value));
    const following = debounced(changes).on(() => told.push(now));
    return { changes, told, stop: () => following.dispose() };
  }

  it("tells once of what came and went within a moment, with what it is then", () => {
    const { changes, told } = heard();
    changes.fire(1);
    mock.timers.tick(60);
    changes.fire(0);
    assert.deepEqual(told, []);
    mock.timers.tick(1_000);
    assert.deepEqual(told, [0]);
  });

  it("tells in time also while changes do not end, and again of the next one", () => {
    const { changes, told } = heard();
    for (let value = 1; value <= 10; value++) {
      changes.fire(value);
      mock.timers.tick(50);
    }
    assert.equal(told.length, 3);
    changes.fire(11);
    mock.timers.tick(1_000);
    assert.equal(told.at(-1), 11);
  });

  it("tells nothing once it is disposed", () => {
    const { changes, told, stop } = heard();
    changes.fire(1);
    stop();
    mock.timers.tick(1_000);
    assert.deepEqual(told, []);
  });
});
