// A process without a free file descriptor, in which the memory cannot be read: checks once, and reports that it is still
// alive.

import { openSync } from "node:fs";
import { devNull } from "node:os";
import { startIdleGarbageCollector } from "../../../base/idle-gc.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const silent = (): void => undefined;

function takeEveryDescriptor(): void {
  for (;;) {
    try {
      openSync(devNull, "r");
    } catch {
      return;
    }
  }
}

const clock = new FakeClock();
const rest = startIdleGarbageCollector(clock, { debug: silent, info: silent, warn: silent, error: silent });
takeEveryDescriptor();
clock.advance(1_000);
rest.dispose();
process.stdout.write("still there");
