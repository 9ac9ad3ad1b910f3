import assert from "node:assert/strict";
import { createLog, logLevels } from "../../../base/log.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("the log", () => {
  it("writes one JSON object a line, with its time, level, event and fields", () => {
    const lines: string[] = [];
    const log = createLog("debug", new FakeClock(0), (line) => lines.push(line));
    log.info("started", { port: 5, note: 'two\nlines and "quotes"', missing: undefined });
    const [line = "", ...more] = lines;
    assert.deepEqual(more, []);
    assert.equal(line.indexOf("\n"), line.length - 1);
    assert.deepEqual(JSON.parse(line), {
      time: "1970-01-01T00:00:00.000Z",
      level: "info",
      event: "started",
      port: 5,
      note: 'two\nlines and "quotes"',
    });
  });

  it("writes no character that acts on a terminal", () => {
    const lines: string[] = [];
    const device = "\u009b2J\u202e\u2028";
    createLog("debug", new FakeClock(0), (line) => lines.push(line)).info("authenticated", { device });
    assert.match(lines[0] ?? "", /"\\u009b2J\\u202e\\u2028"/);
    assert.deepEqual((JSON.parse(lines[0] ?? "") as { device: string }).device, device);
  });

  for (const [at, threshold] of logLevels.entries()) {
    it(`writes at ${threshold} what is ${threshold} or worse`, () => {
      const written: string[] = [];
      const log = createLog(threshold, new FakeClock(0), (line) =>
        written.push((JSON.parse(line) as { level: string }).level),
      );
      for (const level of logLevels) log[level]("event");
      assert.deepEqual(written, logLevels.slice(at));
    });
  }
});
