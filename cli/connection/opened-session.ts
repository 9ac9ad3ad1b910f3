// The snapshot, taken once the history on this machine is open. Before that, a daemon that has just started knows no
// contacts.

import { everyone } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome, ResultOf } from "../../protocol/api/declare.ts";
import { history, snapshot } from "../../protocol/api/session.ts";
import type { DaemonConnection } from "./daemon-connection.ts";

/** Fails if nobody has ever signed in. */
export async function openedSession(daemon: DaemonConnection): Promise<Outcome<ResultOf<typeof snapshot>>> {
  const opened = await daemon.request(history, { conversation: everyone, limit: 1 });
  return opened.ok ? await daemon.request(snapshot, {}) : opened;
}
