// Loaded into a server or daemon with `--import`, before it. On SIGUSR2 the process collects its garbage and writes down
// its resources. Its wall clock is shifted by the value in a file, as by an operator or a broken time server. Nothing else
// in the process is changed.

import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const folder = process.env["CHAT_ROOM_CHAOS_PROBE"];
if (folder !== undefined) {
  const clock = `${folder}/clock-shift-ms`;
  const realNow = Date.now.bind(Date);
  let shiftMs = readShift(clock);
  const answer = (name: string, value: object): void => {
    writeFileSync(`${folder}/${name}.new`, JSON.stringify(value));
    renameSync(`${folder}/${name}.new`, `${folder}/${name}`);
  };
  Date.now = () => realNow() + shiftMs;
  let count = 0;
  process.on("SIGUSR2", () => {
    count += 1;
    shiftMs = readShift(clock);
    collectGarbage();
    const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
    answer(`probe-${count}`, { rssBytes, heapBytes, fds: openFiles(), nowMs: Date.now() });
  });
  answer("probe-0", { pid: process.pid });
}

function readShift(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  // Without the last resort, V8 keeps the space that a burst of garbage had taken.
  const collect = runInNewContext("gc") as (options: object) => void;
  for (let pass = 0; pass < 2; pass += 1) collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

/** On systems other than Linux, the handles of the event loop are counted instead. */
function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return process.getActiveResourcesInfo().length;
  }
}
