// What every client says of itself to the daemon, and how it starts one.

import type { Started } from "../base/rendezvous/connect.ts";
import { programBuild } from "../base/version.ts";
import { editorProtocol } from "../protocol/api/api-version.ts";
import { spawnDetached } from "./spawn-detached.ts";

/** For a call at the rendezvous. */
export const ownVersion = { build: programBuild, protocol: editorProtocol };

/**
 * @param program the daemon's script
 * @param home told to the daemon as it is resolved here, so that both mean the same
 */
export async function startDaemon(program: string, home: string): Promise<Started> {
  return await spawnDetached(program, [], { ...process.env, CHAT_ROOM_HOME: home });
}
