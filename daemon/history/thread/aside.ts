// One job in a thread of its own, for files that nobody has open.

import type { Clock } from "../../../base/clock.ts";
import type { Aside } from "../open/history-file.ts";
import { HistoryThread } from "./history-thread.ts";

/** @param script see `ThreadOptions` */
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
