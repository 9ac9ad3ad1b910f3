// Whether a daemon from before an update is kept running by what uses it: the update counts only once nothing of before
// does any more.

import { daemonStatus } from "../protocol/api/session.ts";
import type { DaemonRequests } from "./daemon.ts";

/** @param build of this client @returns undefined where it is not older, or makes room by itself in a moment */
export async function olderDaemonInUse(
  daemon: DaemonRequests,
  build: number,
): Promise<{ readonly version: string; readonly build: number } | undefined> {
  const status = await daemon.request(daemonStatus, {});
  return status.ok && status.build < build && status.olderViews !== 0 ? status : undefined;
}
