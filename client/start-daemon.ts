// What every client reports about itself to the daemon, and how it starts one.

import type { Started } from "../base/rendezvous/connect.ts";
import { programBuild } from "../base/version.ts";
import { editorProtocol } from "../protocol/api/api-version.ts";
import { spawnDetached } from "./spawn-detached.ts";

/** What a client sends when it connects at the rendezvous. */
export const ownVersion = { build: programBuild, protocol: editorProtocol };

/**
 * @param program the daemon's script
 * @param home passed to the daemon as resolved here, so that both use the same folder
 */
export async function startDaemon(program: string, home: string): Promise<Started> {
  return await spawnDetached(program, [], { ...process.env, CHAT_ROOM_HOME: home });
}
