import assert from "node:assert/strict";
import fc from "fast-check";
import { SortedKeys } from "../../../../server/storage/sorted-keys.ts";

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b));

describe("sorted keys", () => {
  it("are in the order of a sorted list, whatever was added and deleted", () => {
    const step = fc.record({ add: fc.boolean(), key: fc.string({ maxLength: 3, unit: "binary" }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.string({ maxLength: 2 }), (steps, from) => {
        const [keys, model] = [new SortedKeys(), new Set<string>()];
        for (const { add, key } of steps) {
          if (add) assert.equal(keys.add(key), !model.has(key));
          else keys.delete(key);
          if (add) model.add(key);
          else model.delete(key);
        }
        const expected = [...model].sort(byCodeUnits).filter((key) => key >= from);
        assert.deepEqual([...keys.from(from)], expected);
        assert.equal(keys.size, model.size);
      }),
    );
  });

  it("stay so over thousands, added in any order and taken away again", () => {
    for (const order of [(at: number) => at, (at: number) => 5_000 - at, (at: number) => (at * 7_919) % 5_003]) {
      const keys = new SortedKeys();
      const all = Array.from({ length: 5_000 }, (_, at) => `k${String(order(at)).padStart(5, "0")}`);
      for (const key of all) keys.add(key);
      assert.deepEqual([...keys.from("")], [...all].sort(byCodeUnits));
      for (const key of all.filter((_, at) => at % 3 !== 0)) keys.delete(key);
      assert.deepEqual([...keys.from("k")], all.filter((_, at) => at % 3 === 0).sort(byCodeUnits));
      for (const key of all) keys.delete(key);
      assert.deepEqual([[...keys.from("")], keys.size], [[], 0]);
    }
  });
});
