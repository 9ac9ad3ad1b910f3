import assert from "node:assert/strict";
import { RequestMultiplexer } from "../../../../base/lines/request-multiplexer.ts";
import type { JsonObject } from "../../../../protocol/wire/frame.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("a request multiplexer", () => {
  let clock: FakeClock;
  let sent: JsonObject[];
  let log: string[];
  let requests: RequestMultiplexer;

  beforeEach(() => {
    clock = new FakeClock();
    sent = [];
    log = [];
    requests = new RequestMultiplexer({
      clock,
      send: (line) => void sent.push(line),
      onUnanswered: (type) => void log.push(`unanswered ${type}`),
      onHold: () => void log.push("hold"),
    });
  });

  const ask = (type: string, holdAfter = false) =>
    requests.request(type, { to: "bob" }, { timeoutMs: 1_000, holdAfter }, () => void log.push(`answer to ${type}`));

  it("gives each answer to the request with its id, in whatever order they come", async () => {
    const [first, second] = [ask("a"), ask("b")];
    assert.deepEqual(sent, [
      { type: "a", id: 1, to: "bob" },
      { type: "b", id: 2, to: "bob" },
    ]);
    requests.answered(2, { result: "two" });
    requests.answered(1, { result: "one" });
    assert.deepEqual([await first, await second], [{ result: "one" }, { result: "two" }]);
    assert.deepEqual(log, ["answer to b", "answer to a"]);
  });

  it("gives an answer without id to the oldest request [P-2.2]", async () => {
    const [first, second] = [ask("a"), ask("b")];
    requests.answered(undefined, { result: "one" });
    requests.answered(undefined, { result: "two" });
    requests.answered(undefined, { result: "three" });
    assert.deepEqual([await first, await second], [{ result: "one" }, { result: "two" }]);
  });

  it("drops an answer that nobody waits for, and a second one", async () => {
    const asked = ask("a");
    requests.answered(7, { result: "other" });
    requests.answered(1, { result: "one" });
    requests.answered(1, { result: "again" });
    assert.deepEqual(await asked, { result: "one" });
    assert.deepEqual(log, ["answer to a"]);
  });

  it("holds before it hands out the answer to a request that says so", () => {
    void ask("a", true);
    requests.answered(1, { result: "one" });
    assert.deepEqual(log, ["hold", "answer to a"]);
  });

  it("reports a request without answer at its deadline, and leaves no timer behind an answered one", () => {
    void ask("a");
    void ask("b");
    requests.answered(1, {});
    assert.equal(clock.pending, 1);
    clock.advance(1_000);
    assert.deepEqual(log, ["answer to a", "unanswered b"]);
  });

  it("answers what is pending, and whatever is asked later, with undefined once the connection is lost", async () => {
    const asked = ask("a");
    requests.lost();
    assert.equal(clock.pending, 0);
    assert.deepEqual([await asked, await ask("b")], [undefined, undefined]);
    assert.equal(sent.length, 1);
    assert.deepEqual(log, []);
  });
});
