// Fixes the account in whose name a command acts.

import type { Context } from "../commands/command-context.ts";
import type { DaemonConnection } from "./daemon-connection.ts";

/**
 * Connects in the name of the account that is signed in now. A request is refused if another account is signed in by the
 * time it is stored.
 */
export async function connectedSpeaker({ connect }: Pick<Context, "connect">): Promise<DaemonConnection> {
  const daemon = await connect();
  const session = await daemon.settledSession();
  if ("account" in session) daemon.speaker = session.account;
  return daemon;
}
