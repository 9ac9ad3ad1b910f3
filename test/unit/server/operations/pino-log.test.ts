import assert from "node:assert/strict";
import { logLevels } from "../../../../base/log.ts";
import type { LogLevel } from "../../../../base/log.ts";
import { createPinoLog } from "../../../../server/operations/pino-log.ts";

describe("the server's log", () => {
  let lines: string[];
  const open = (level: LogLevel) =>
    createPinoLog(level, { nowMs: () => 0 }, { write: (line: string) => void lines.push(line) });

  beforeEach(() => {
    lines = [];
  });

  it("writes one JSON object a line, with its level, time, fields and event", () => {
    open("debug").info("started", { port: 5, note: 'two\nlines and "quotes" and %s', missing: undefined });
    const [line = "", ...more] = lines;
    assert.deepEqual(more, []);
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.deepEqual(JSON.parse(line), {
      level: "info",
      time: "1970-01-01T00:00:00.000Z",
      port: 5,
      note: 'two\nlines and "quotes" and %s',
      event: "started",
    });
  });

  it("cuts what a client made long", () => {
    open("info").warn("refused", { type: "x".repeat(60_000) });
    assert.equal((JSON.parse(lines[0] ?? "") as { type: string }).type.length, 2_048);
  });

  it("writes no character that acts on a terminal, whatever a client calls itself", () => {
    const chosen = { device: "\u009b2J\u009d", client: "a\u202eb\u2066\u2028\u007f" };
    open("info").info("authenticated", chosen);
    const [line = ""] = lines;
    assert.doesNotMatch(line, /[\u007f-\u009f\u2028\u2029\p{Cf}]/u);
    const { device, client } = JSON.parse(line) as typeof chosen;
    assert.deepEqual({ device, client }, chosen);
  });

  for (const [at, threshold] of logLevels.entries()) {
    it(`writes at ${threshold} what is ${threshold} or worse`, () => {
      const log = open(threshold);
      for (const level of logLevels) log[level]("event");
      const written = lines.map((line) => (JSON.parse(line) as { level: string }).level);
      assert.deepEqual(written, logLevels.slice(at));
    });
  }
});
