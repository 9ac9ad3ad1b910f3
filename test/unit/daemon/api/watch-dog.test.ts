import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { SessionWatchDog } from "../../../../daemon/api/watch-dog.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

describe("the watch dog of a session", () => {
  let clock: FakeClock;
  let ends: number;
  let dog: SessionWatchDog;

  beforeEach(() => {
    clock = new FakeClock();
    ends = 0;
    dog = new SessionWatchDog(clock, () => (ends += 1));
  });

  it("watches nothing where no process is named", () => {
    dog.initialize({ processId: null });
    assert.equal(clock.pending, 0);
  });

  it("watches nothing where the process cannot be seen, as that of a window in a container", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    dog.initialize({ processId: child.pid ?? 0 });
    clock.advance(60_000);
    assert.deepEqual([ends, clock.pending], [0, 0]);
  });

  it("ends the session of a process that was there and died", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    dog.initialize({ processId: child.pid ?? 0 });
    clock.advance(60_000);
    assert.equal(ends, 0);
    child.kill("SIGKILL");
    await once(child, "exit");
    clock.advance(60_000);
    assert.deepEqual([ends, clock.pending], [1, 0]);
  });
});
