import assert from "node:assert/strict";
import { RecurringEvent } from "../../../base/recurring-event.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("an event that recurs", () => {
  let clock: FakeClock;
  let said: string[];
  let event: RecurringEvent;
  beforeEach(() => {
    clock = new FakeClock();
    said = [];
    event = new RecurringEvent(clock, (key, count, detail) => said.push(`${key} ${count} ${detail}`.trim()));
  });

  it("is said at once, and then once a minute with how many there were", () => {
    for (let count = 0; count < 5; count += 1) event.note("a");
    assert.deepEqual(said, ["a 1"]);
    clock.advance(59_999);
    assert.equal(said.length, 1);
    clock.advance(1);
    assert.deepEqual(said, ["a 1", "a 4"]);
    event.note("a");
    assert.equal(said.length, 2, "not twice within a minute");
    clock.advance(60_000);
    assert.deepEqual(said, ["a 1", "a 4", "a 1"]);
  });

  it("is said at once again after a quiet minute, and leaves nothing behind", () => {
    event.note("a");
    clock.advance(60_000);
    assert.equal(clock.pending, 0);
    event.note("a");
    assert.deepEqual(said, ["a 1", "a 1"]);
  });

  it("is told apart by its key, and has the latest detail", () => {
    event.note("a", "one");
    event.note("b", "two");
    event.note("a", "three");
    event.note("a", "four");
    clock.advance(60_000);
    assert.deepEqual(said, ["a 1 one", "b 1 two", "a 2 four"]);
  });

  it("is said for at most 1,001 keys in a minute, and counts the rest together", () => {
    for (let n = 0; n < 5_000; n += 1) event.note(`key ${n}`);
    assert.equal(said.length, 1_001);
    clock.advance(60_000);
    assert.deepEqual(said.slice(1_001), ["others 3999"]);
  });
});
