import assert from "node:assert/strict";
import fc from "fast-check";
import { BroadcastCount } from "../../../../../server/core/delivery/broadcast-count.ts";
import { InFlight } from "../../../../../server/core/delivery/in-flight.ts";
import type { InFlightLetter } from "../../../../../server/core/delivery/in-flight.ts";

const letter = (id: number): InFlightLetter => ({
  ...{ kind: "letter", id, mark: id, order: id, bytes: 10, sentMs: 0, sinceMs: 0, inWindow: true },
  ...{ letter: undefined, seq: 0, storing: false, responder: undefined, fate: "open", refusal: undefined },
});

describe("what is in flight", () => {
  let inFlight: InFlight;

  beforeEach(() => {
    inFlight = new InFlight();
  });

  const fill = (count: number) => {
    for (let id = 1; id <= count; id += 1) inFlight.add(letter(id));
  };
  const ids = () => Array.from(inFlight, ({ id }) => id);

  it("is taken out once, in any order, and counted in bytes", () => {
    fill(3);
    assert.deepEqual([inFlight.take(2)?.id, inFlight.take(2), inFlight.take(9), inFlight.take(0)], [2, ...nothing(3)]);
    assert.deepEqual([inFlight.count, inFlight.bytes, ids()], [2, 20, [1, 3]]);
    assert.deepEqual([inFlight.take(1)?.id, inFlight.take(3)?.id, inFlight.oldest], [1, 3, undefined]);
    assert.deepEqual([inFlight.count, inFlight.bytes], [0, 0]);
  });

  it("is taken from the front as far as it left", () => {
    fill(3);
    assert.deepEqual(
      [inFlight.takeMarked(2)?.id, inFlight.takeMarked(2)?.id, inFlight.takeMarked(2)],
      [1, 2, undefined],
    );
    assert.equal(inFlight.oldest?.id, 3);
  });

  it("counts a letter that was left out no more, and still takes its answer", () => {
    fill(3);
    const [first] = inFlight;
    assert.ok(first);
    inFlight.leaveOut(first);
    assert.deepEqual([inFlight.count, inFlight.bytes, inFlight.oldest?.id], [2, 20, 2]);
    assert.deepEqual([inFlight.take(1)?.id, inFlight.take(1)], [1, undefined]);
  });

  it("forgets what was left out when nothing would come of its answer, and broadcasts at once", () => {
    const count = new BroadcastCount({ answer: () => undefined }, 0);
    const sent = { id: 1, mark: 1, order: 1, bytes: 10, sentMs: 0, inWindow: true };
    inFlight.add({ kind: "broadcast", count, ...sent });
    inFlight.add(letter(2));
    for (const message of Array.from(inFlight)) inFlight.leaveOut(message);
    inFlight.forgetLeftOut(2);
    assert.deepEqual([inFlight.take(1), inFlight.take(2), inFlight.count], [undefined, undefined, 0]);
  });

  it("is cleared in the order of sending, with what was left out", () => {
    fill(4);
    inFlight.take(2);
    const [first] = inFlight;
    assert.ok(first);
    inFlight.leaveOut(first);
    assert.deepEqual(
      inFlight.clear().map(({ id }) => id),
      [1, 3, 4],
    );
    assert.deepEqual([inFlight.count, inFlight.bytes, inFlight.take(1), ids()], [0, 0, undefined, []]);
  });

  it("is the same as a plain list, whatever is taken and when it is cleared out", () => {
    const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(1_000)), { maxLength: 400, size: "max" });
    fc.assert(
      fc.property(fc.nat(2_000), steps, (before, each) => {
        const tested = new InFlight();
        let model: number[] = [];
        let last = 0;
        const add = () => {
          last += 1;
          tested.add(letter(last));
          model.push(last);
        };
        for (let time = 0; time < before; time += 1) add();
        for (const [kind, part] of each) {
          const id = model[Math.floor((part / 1_001) * model.length)];
          if (kind === 0 || id === undefined) {
            add();
          } else if (kind === 1) {
            for (const from of model.slice(0, 100)) assert.equal(tested.take(from)?.id, from);
            model = model.slice(100);
          } else {
            assert.equal(tested.take(id)?.id, id);
            model = model.filter((other) => other !== id);
          }
          assert.deepEqual([tested.count, tested.oldest?.id], [model.length, model[0]]);
        }
        assert.deepEqual(
          Array.from(tested, ({ id }) => id),
          model,
        );
      }),
      { numRuns: 50 },
    );
  });
});

const nothing = (count: number) => Array<undefined>(count).fill(undefined);
