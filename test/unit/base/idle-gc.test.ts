import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { IdleGarbageCollector } from "../../../base/idle-gc.ts";
import type { LogFields } from "../../../base/log.ts";
import { skip } from "../../support/skip.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const mib = 1_024 * 1_024;
const lookMs = 1_000;
/** Long after any pause that these tests have. */
const laterMs = 60_000;

describe("a process at rest", () => {
  let clock: FakeClock;
  let busyPart: number;
  let residentBytes: number | undefined;
  let heapBytes: number;
  let pauseMs: number;
  let collections: number;
  let logged: [string, LogFields | undefined][];
  let rest: IdleGarbageCollector;

  beforeEach(() => {
    clock = new FakeClock();
    [busyPart, residentBytes, heapBytes, pauseMs, collections, logged] = [0, 60 * mib, 20 * mib, 0, 0, []];
    rest = make(true);
  });
  afterEach(() => rest.dispose());

  const make = (watchful: boolean): IdleGarbageCollector => {
    const fail = (event: string): never => assert.fail(`${event} is no trouble`);
    return new IdleGarbageCollector({
      clock,
      watchful,
      log: { debug: (event, fields) => logged.push([event, fields]), info: fail, warn: fail, error: fail },
      gauges: { busyPart: () => busyPart, residentBytes: () => residentBytes, heapBytes: () => heapBytes },
      collect: () => {
        collections += 1;
        residentBytes = 50 * mib;
        clock.advance(pauseMs);
      },
    });
  };

  it("gives back what its start took, once, and says so to who debugs it", () => {
    clock.advance(10 * lookMs);
    assert.equal(collections, 1);
    assert.deepEqual(logged, [["memory_given_back", { bytes: 10 * mib, pause_ms: 0 }]]);
  });

  it("gives back what a burst took after it went away, not while it lasts", () => {
    clock.advance(laterMs);
    busyPart = 0.9;
    residentBytes = 120 * mib;
    clock.advance(laterMs);
    assert.equal(collections, 1);
    busyPart = 0.01;
    clock.advance(lookMs);
    assert.equal(collections, 2);
  });

  it("leaves a small growth alone", () => {
    clock.advance(laterMs);
    residentBytes = 57 * mib;
    clock.advance(laterMs);
    assert.equal(collections, 1);
    residentBytes = 58 * mib;
    clock.advance(lookMs);
    assert.equal(collections, 2);
  });

  it("counts a growth from the least that there was since", () => {
    clock.advance(laterMs);
    residentBytes = 30 * mib;
    clock.advance(lookMs);
    residentBytes = 40 * mib;
    clock.advance(lookMs);
    assert.equal(collections, 2);
  });

  it("does nothing while the heap is so large that people would notice the pause", () => {
    heapBytes = 129 * mib;
    clock.advance(laterMs);
    assert.equal(collections, 0);
  });

  it("leaves everything as it is while the system does not say how much memory there is", () => {
    residentBytes = undefined;
    clock.advance(laterMs);
    assert.equal(collections, 0);
    residentBytes = 60 * mib;
    clock.advance(lookMs);
    assert.equal(collections, 1);
  });

  it("stays below one part in 50 of the time, however often the memory grows", () => {
    pauseMs = 100;
    for (let seconds = 0; seconds < 100; seconds += 1) {
      residentBytes = 1_000 * mib;
      clock.advance(lookMs);
    }
    assert.ok(collections >= 16 && collections <= 20, String(collections));
  });

  it("does nothing any more once it is disposed", () => {
    rest.dispose();
    clock.advance(laterMs);
    assert.deepEqual([collections, clock.pending], [0, 0]);
  });

  describe("that is told when something happens", () => {
    beforeEach(() => {
      rest.dispose();
      rest = make(false);
    });

    it("gives back what its start took, and then is woken by nothing", () => {
      clock.advance(10 * lookMs);
      assert.deepEqual([collections, clock.pending], [1, 0]);
    });

    it("gives back what a burst took, as soon as that is over, and is woken by nothing again", () => {
      clock.advance(laterMs);
      for (const burst of [1, 2, 3]) {
        busyPart = 0.9;
        residentBytes = 120 * mib;
        rest.stir();
        rest.stir();
        assert.equal(clock.pending, 1);
        clock.advance(20 * lookMs);
        assert.equal(collections, burst);
        busyPart = 0.01;
        clock.advance(10 * lookMs);
        assert.deepEqual([collections, clock.pending], [burst + 1, 0]);
      }
    });

    it("waits for as long as the last pause is not paid for, without looking meanwhile", () => {
      pauseMs = 100;
      clock.advance(2 * lookMs);
      assert.equal(collections, 1);
      residentBytes = 120 * mib;
      rest.stir();
      const fired = clock.fired;
      clock.advance(25 * lookMs);
      assert.equal(collections, 2);
      assert.ok(clock.fired - fired <= 6, String(clock.fired - fired));
    });

    it("counts how busy it is from when something happened, not from before", () => {
      clock.advance(laterMs);
      let since = 0;
      const busyPart = (): number => {
        since += 1;
        return 0;
      };
      const gauges = { busyPart, residentBytes: () => 60 * mib, heapBytes: () => mib };
      const told = new IdleGarbageCollector({
        ...{ clock, gauges, watchful: false, collect: () => (collections += 1) },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      });
      clock.advance(10 * lookMs);
      const looks = since;
      told.stir();
      assert.equal(since, looks + 1);
      told.stir();
      assert.equal(since, looks + 1);
      told.dispose();
      told.stir();
      assert.deepEqual([since, clock.pending], [looks + 1, 0]);
    });
  });

  it("goes on in a process without a free file descriptor", function () {
    if (process.platform === "win32") skip(this, "Windows has no ulimit");
    const program = fileURLToPath(new URL("./crowded-process.ts", import.meta.url));
    const { stdout, stderr } = spawnSync("sh", ["-c", 'ulimit -n 128; exec "$0" "$1"', process.execPath, program], {
      encoding: "utf8",
    });
    assert.equal(stdout, "still there", stderr);
  });

  it("gives back what garbage had taken, in a real process, and leaves no trace of the collector there", () => {
    const program = fileURLToPath(new URL("./resting-process.ts", import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
    const { bytes, gc } = JSON.parse(stdout) as { bytes: number; gc: string };
    assert.ok(bytes > 16 * mib, `gave back ${bytes} bytes ${stderr}`);
    assert.equal(gc, "undefined");
  });
});
