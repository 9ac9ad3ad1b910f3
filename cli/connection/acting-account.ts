// In whose name a command speaks.

import type { Context } from "../commands/command-context.ts";
import type { DaemonConnection } from "./daemon-connection.ts";

/** What is asked is from whoever is signed in now, and refused where somebody else is by the time that it is stored. */
export async function connectedSpeaker({ connect }: Pick<Context, "connect">): Promise<DaemonConnection> {
  const daemon = await connect();
  const session = await daemon.settledSession();
  if ("account" in session) daemon.speaker = session.account;
  return daemon;
}
