// The connection status, as a state for menus and views and as a sentence for a person. Combines the connection to the
// daemon with the daemon's session. Every place that shows a state takes it from here.

import type { SessionState } from "../../protocol/api/model.ts";
import type { DaemonLinkState } from "./port.ts";
import { reasonWords, t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";

/**
 * `starting`: the daemon has not reported yet, or its connection is being reopened. `down`: it cannot be reached.
 * `distrusted`: the server answers, but with the wrong key.
 */
export type ConnectionState =
  "starting" | "down" | "signedOut" | "elsewhere" | "connecting" | "connected" | "unreachable" | "distrusted";

export interface ConnectionStatus {
  readonly state: ConnectionState;
  readonly sentence: string;
  readonly user?: string;
}

export function connectionStatusOf(link: DaemonLinkState, session: SessionState | undefined): ConnectionStatus {
  if (link.state === "down") return { state: "down", sentence: asSentence(link.reason) };
  if (link.state === "connecting" || session === undefined) {
    return { state: "starting", sentence: t("Connecting to the Chat Room daemon…") };
  }
  switch (session.state) {
    case "signedOut": {
      const elsewhere = t("You signed in at another place, so this session has ended.");
      if (session.elsewhere === true) return { state: "elsewhere", sentence: elsewhere };
      return { state: "signedOut", sentence: asSentence(session.reason ?? t("You are not signed in")) };
    }
    case "connecting":
      return {
        state: "connecting",
        user: session.account.user,
        sentence:
          session.opening === true
            ? t("Reading your messages from the disk…")
            : t("Connecting to {0}…", session.account.server),
      };
    case "connected":
      return {
        state: "connected",
        user: session.account.user,
        sentence: t("Signed in as {0} at {1}.", session.account.user, session.account.server),
      };
    case "unreachable":
      if (session.distrust !== undefined) {
        return { state: "distrusted", user: session.account.user, sentence: asSentence(session.reason) };
      }
      return {
        state: "unreachable",
        user: session.account.user,
        sentence: unreachable(session.account.server, asSentence(session.reason)),
      };
  }
}

/** If the reason names the server already, the name is not repeated. */
function unreachable(server: string, why: string): string {
  return why.includes(server)
    ? t("{0} Chat Room keeps trying.", why)
    : t("{0} cannot be reached: {1} Chat Room keeps trying.", server, why);
}

function asSentence(reason: string): string {
  const trimmed = plainLine(reasonWords(reason), 600);
  return /[.!?…。！？]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
