// Whether older clients keep a daemon from before an update running: the update takes effect only once no older program
// runs.

import { daemonStatus } from "../protocol/api/session.ts";
import type { DaemonRequests } from "./daemon.ts";

/** @param build this client's @returns undefined if the daemon is not older, or will make room by itself in a moment */
export async function olderDaemonInUse(
  daemon: DaemonRequests,
  build: number,
): Promise<{ readonly version: string; readonly build: number } | undefined> {
  const status = await daemon.request(daemonStatus, {});
  return status.ok && status.build < build && status.olderViews !== 0 ? status : undefined;
}
