import assert from "node:assert/strict";
import fc from "fast-check";
import { portField } from "../../../protocol/wire/declare.ts";
import {
  array,
  boolean,
  integer,
  Invalid,
  object,
  oneOf,
  optional,
  string,
  variants,
} from "../../../protocol/validate.ts";

const reason = (read: unknown) => (read instanceof Invalid ? read.reason : `accepted ${JSON.stringify(read)}`);

describe("schemas", () => {
  const person = object({ name: string({ min: 1, max: 5 }), age: optional(integer({ min: 0, max: 150 })) });

  it("copy the fields they name and nothing else", () => {
    const given = JSON.parse('{"name":"ann","age":3,"extra":1,"__proto__":{"age":9}}') as unknown;
    const read = person.read(given, "");
    assert.deepEqual(read, { name: "ann", age: 3 });
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  });

  it("do not find fields on the prototype", () => {
    assert.equal(reason(object({ toString: string() }).read({}, "")), "toString is missing");
    assert.equal(reason(person.read(Object.create({ name: "ann" }), "")), "name is missing");
  });

  it("name the field in the reason, however deep it is", () => {
    const group = object({ people: array(person, { max: 2 }) });
    assert.equal(reason(group.read({ people: [{ name: "ann" }, { name: 5 }] }, "")), "people[1].name must be a string");
    assert.equal(reason(group.read({ people: [1] }, "")), "people[0] must be an object");
    assert.equal(reason(group.read({ people: {} }, "")), "people must be a list");
    assert.equal(reason(group.read({ people: [1, 2, 3] }, "")), "people must have at most 2 entries");
  });

  it("hold their bounds", () => {
    const cases: [unknown, string][] = [
      [{}, "name is missing"],
      [{ name: "" }, "name must not be empty"],
      [{ name: "toolong" }, "name must have at most 5 characters"],
      [{ name: "ann", age: 1.5 }, "age must be an integer"],
      [{ name: "ann", age: -1 }, "age must be between 0 and 150"],
      [{ name: null }, "name is missing"],
      [null, " must be an object"],
      [[], " must be an object"],
    ];
    for (const [given, expected] of cases) assert.equal(reason(person.read(given, "")), expected);
    assert.deepEqual(person.read({ name: "ann", age: null }, ""), { name: "ann" });
    assert.equal(reason(boolean.read("true", "x")), "x must be true or false");
    assert.equal(reason(oneOf("a", "b").read("c", "x")), "x must be one of a, b");
  });

  it("choose between variants by their tag", () => {
    const shape = variants("kind", { dot: object({ x: integer() }), line: object({ length: integer() }) });
    assert.deepEqual(shape.read({ kind: "dot", x: 1 }, ""), { x: 1 });
    assert.equal(reason(shape.read({ kind: "toString" }, "shape")), "shape.kind is unknown");
    assert.equal(reason(shape.read(5, "")), "kind is unknown");
  });

  it("read ports as numbers and as the seed prints them [P-4.1, P-4.8]", () => {
    assert.deepEqual([portField.read(1, "port"), portField.read("65535", "port")], [1, 65_535]);
    for (const wrong of [0, 65_536, "0", "123456", "12a", "", " 1", 1.5, null]) {
      assert.equal(reason(portField.read(wrong, "port")), "port must be a port from 1 to 65535");
    }
  });

  it("answer for any value without throwing", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (given) => {
        person.read(given, "x");
        array(person).read(given, "x");
      }),
      { seed: 5, numRuns: 1_000 },
    );
  });
});
