// Text and command of the one status bar item, as plain data.

import type { Contact, OwnPresence } from "../../protocol/api/model.ts";
import { latestUnread, newMessages, totalUnread } from "../contacts/contact-queries.ts";
import { t } from "../ui/l10n.ts";
import { plainLine } from "../ui/plain-text.ts";
import type { ConnectionStatus } from "../daemon-client/connection-status.ts";
import { statusWords, withEnd } from "./presence-text.ts";

export interface StatusBar {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  readonly command: string;
  readonly argument?: unknown;
  /** Whether only the person can fix it. */
  readonly warning: boolean;
}

const icon = "$(comment-discussion)";
/** Shows the person's own presence, unless it is simply available. */
const icons: Record<OwnPresence["state"], string> = {
  available: icon,
  away: `${icon} $(clock)`,
  dnd: `${icon} $(bell-slash)`,
};

export function statusBarOf(
  status: ConnectionStatus,
  contacts: readonly Contact[],
  own: OwnPresence = { state: "available" },
): StatusBar {
  const unread = totalUnread(contacts);
  const count = unread === 0 ? "" : ` ${unread}`;
  const item = (text: string, tooltip: string, command: string, warning = false): StatusBar => ({
    text,
    tooltip,
    command,
    warning,
    accessibleLabel: `Chat Room: ${tooltip}`,
  });
  const { state, sentence } = status;
  switch (state) {
    case "starting":
    case "connecting":
      return item(`$(sync~spin) Chat Room${count}`, sentence, "chatRoom.contacts.focus");
    case "down":
      return item("$(warning) Chat Room", t("{0} Click for what may help.", sentence), "chatRoom.troubleshoot", true);
    case "elsewhere":
      return item(`${icon} ${t("Sign In Here")}`, t("{0} Click to sign in here.", sentence), "chatRoom.signInHere");
    case "signedOut":
      return item(`${icon} ${t("Sign In")}`, t("{0} Click to sign in.", sentence), "chatRoom.signIn");
    case "unreachable":
      return item(`$(debug-disconnect) Chat Room${count}`, t("{0} Click to try now.", sentence), "chatRoom.reconnect");
    case "distrusted":
      return item(
        `$(shield) Chat Room${count}`,
        t("{0} Click to compare the keys.", sentence),
        "chatRoom.trustServer",
        true,
      );
    case "connected": {
      const next = latestUnread(contacts);
      const shown = icons[own.state];
      const status = ` ${statusLine(own)}`;
      if (next === undefined) return item(shown, t("{0} Click for more.", sentence + status), "chatRoom.menu");
      return {
        ...item(`${shown}${count}`, t("{0}. Click to read.", newMessages(unread)) + status, "chatRoom.openChat"),
        argument: { conversation: next.conversation, name: next.name },
      };
    }
  }
}

function statusLine(own: OwnPresence): string {
  const { state, text } = own;
  const words = text === undefined ? statusWords(state) : `${statusWords(state)} (${plainLine(text, 140)})`;
  return t("Your status: {0}.", withEnd(words, own));
}
