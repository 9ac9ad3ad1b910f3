import assert from "node:assert/strict";
import fc from "fast-check";
import { append, emptyFifo, first, rest } from "../../../../daemon/core/fifo.ts";
import type { Fifo } from "../../../../daemon/core/fifo.ts";

describe("core: the queue of an outbox", () => {
  it("gives back what was added, in order, whatever is added and taken in between", () => {
    const steps = fc.array(fc.option(fc.integer()), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (values) => {
        let queue: Fifo<number> = emptyFifo;
        const model: number[] = [];
        for (const value of values) {
          const before = queue;
          const sizeBefore = queue.size;
          if (value === null) {
            queue = rest(queue);
            model.shift();
          } else {
            queue = append(queue, value);
            model.push(value);
          }
          assert.equal(before.size, sizeBefore);
          assert.equal(queue.size, model.length);
          assert.equal(first(queue), model[0]);
        }
      }),
    );
  });
});
