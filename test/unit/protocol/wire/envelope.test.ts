import assert from "node:assert/strict";
import fc from "fast-check";
import { failure } from "../../../../protocol/errors.ts";
import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { okAnswer, readAnswer, readEnvelope, readRefusal, refusalAnswer } from "../../../../protocol/wire/envelope.ts";
import { readOnlineMap } from "../../../../protocol/wire/people.ts";
import { message } from "../../../../protocol/wire/messages.ts";
import { Invalid } from "../../../../protocol/validate.ts";

const parse = (json: string) => JSON.parse(json) as JsonObject;

describe("the envelope", () => {
  it("tells requests from answers, and from what is neither [P-2.1]", () => {
    const kinds: [JsonObject, string][] = [
      [{ type: "alive" }, "request"],
      [{ type: "alive", result: "ok" }, "request"],
      [{ result: "ok" }, "answer"],
      [{ result: null }, "answer"],
      [{}, "invalid"],
      [{ id: 1 }, "invalid"],
      [{ type: 5, result: "ok" }, "invalid"],
      [parse('{"__proto__":{"type":"alive"}}'), "invalid"],
    ];
    for (const [body, kind] of kinds) assert.equal(readEnvelope(body).kind, kind, JSON.stringify(body));
  });

  it("takes numbers and strings of at most 128 characters as ids, and keeps what it can read [P-2.2]", () => {
    for (const id of [0, -1, 1.5, "", "x".repeat(128)]) {
      assert.deepEqual(readEnvelope({ type: "a", id }), { kind: "request", type: "a", id, body: { type: "a", id } });
    }
    assert.deepEqual(
      [readEnvelope({ type: "a", id: null }).kind, readEnvelope({ type: "a", id: null }).id],
      ["request", undefined],
    );
    const changed = [2 ** 53, -(2 ** 53), parse('{"id":1e400}')["id"], parse('{"id":1795945154200958037}')["id"]];
    for (const id of [true, {}, [], "x".repeat(129), ...changed])
      assert.equal(readEnvelope({ type: "a", id }).kind, "invalid");
    const invalid = readEnvelope({ id: 7 });
    assert.deepEqual([invalid.kind, invalid.id], ["invalid", 7]);
  });

  it("never throws, whatever object comes [P-2.3]", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        readEnvelope(body);
        readAnswer(message, body);
        readRefusal(body);
        readOnlineMap(body);
      }),
      { seed: 3, numRuns: 1_000 },
    );
  });

  it("shapes a refusal as the seed prints it, with code and reason [P-2.4]", () => {
    const refused = failure("blocked");
    const { code, reason } = refused;
    assert.deepEqual(refusalAnswer(1, refused), { id: 1, result: "fail", code, reason });
    assert.deepEqual(refusalAnswer(undefined, refused, "reason"), { result: reason, code, reason });
    assert.deepEqual(refusalAnswer(undefined, refused, "fail", { ip: "null" }), {
      result: "fail",
      ip: "null",
      code,
      reason,
    });
  });

  it("reads back what it shaped [P-2.4]", () => {
    assert.deepEqual(readAnswer(message, okAnswer(1, { delivery: "queued" })), {
      ok: true,
      value: { delivery: "queued" },
    });
    assert.deepEqual(readAnswer(message, refusalAnswer(1, failure("blocked"), "reason")), failure("blocked"));
  });

  it("reads the refusals and the answers of others as well as it can [P-2.4]", () => {
    assert.deepEqual(readRefusal({ result: "go away" }), failure("internal", "go away"));
    assert.deepEqual(readRefusal({ result: "fail", code: "no such code", reason: "why" }), failure("internal", "why"));
    assert.deepEqual(readRefusal({ result: "fail" }), failure("internal", "The other end refused."));
    const wrong = readAnswer(message, { result: "ok", delivery: "eaten" });
    assert.equal(wrong.ok, false);
  });

  it("reads the map of online users without the id [P-4.4]", () => {
    assert.deepEqual(readOnlineMap({ id: 1, alice: "alice", constructor: "constructor" }), ["alice", "constructor"]);
    assert.ok(readOnlineMap({ result: "fail" }) instanceof Invalid);
    assert.ok(readOnlineMap({ alice: 5 }) instanceof Invalid);
  });
});
