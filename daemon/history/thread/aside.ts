// Runs one job in a separate thread, for files that nobody has open.

import type { Clock } from "../../../base/clock.ts";
import type { Aside } from "../open/history-file.ts";
import { HistoryThread } from "./history-thread.ts";

/** Returns a function that runs such jobs. @param script see `ThreadOptions` */
export function createAside(script: string, clock: Clock): Aside {
  return async (path, kind, params) => {
    const thread = new HistoryThread({ script, path, clock });
    try {
      return await thread.run(kind, params);
    } finally {
      await thread.dispose();
    }
  };
}
