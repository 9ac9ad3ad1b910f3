// A process that has filled its heap and dropped everything: prints how much memory it returned once it was idle, and ends.

import { setTimeout } from "node:timers";
import { systemClock } from "../../../base/clock.ts";
import { startIdleGarbageCollector } from "../../../base/idle-gc.ts";

const patienceMs = 8_000;
const silent = (): void => undefined;

const dropped = Array.from({ length: 200_000 }, (_, index) => ({ index, list: [index], text: `text ${index}` }));
dropped.length = 0;
const patience = setTimeout(silent, patienceMs);
const rest = startIdleGarbageCollector(systemClock, {
  ...{ info: silent, warn: silent, error: silent },
  debug(_event, fields) {
    process.stdout.write(JSON.stringify({ ...fields, gc: typeof globalThis.gc }));
    rest.dispose();
    clearTimeout(patience);
  },
});
