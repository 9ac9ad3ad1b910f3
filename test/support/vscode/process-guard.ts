// The guard of one process tree (see process-tree.ts). Waits until its standard input ends, which means that the process
// that started it is gone, then ends the tree and removes its folders. Arguments: root pid, mark, folders.
import { rmSync } from "node:fs";
import { signalTree } from "./process-mark.ts";

const [rootPid, mark, ...folders] = process.argv.slice(2);
if (rootPid !== undefined && mark !== undefined) {
  process.stdin.resume().once("close", () => {
    signalTree({ rootPid: Number(rootPid), mark }, "SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
}
