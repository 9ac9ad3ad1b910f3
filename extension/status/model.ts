// What the one status bar item says and does, as plain data.

import type { Contact } from "../../protocol/editor/model.ts";
import { latestUnread, newMessages, totalUnread } from "../contacts/model.ts";
import { t } from "../l10n.ts";
import type { Standing } from "../standing.ts";

export interface StatusBar {
  readonly text: string;
  readonly tooltip: string;
  readonly accessibleLabel: string;
  readonly command: string;
  readonly argument?: unknown;
  /** Something only the person can mend. */
  readonly warning: boolean;
}

const icon = "$(comment-discussion)";

export function statusBarOf(standing: Standing, contacts: readonly Contact[]): StatusBar {
  const unread = totalUnread(contacts);
  const count = unread === 0 ? "" : ` ${unread}`;
  const item = (text: string, tooltip: string, command: string, warning = false): StatusBar => ({
    text,
    tooltip,
    command,
    warning,
    accessibleLabel: `Chat Room: ${tooltip}`,
  });
  const { state, sentence } = standing;
  switch (state) {
    case "starting":
    case "connecting":
      return item(`$(sync~spin) Chat Room${count}`, sentence, "chatRoom.contacts.focus");
    case "down":
      return item("$(warning) Chat Room", t("{0} Click to restart it.", sentence), "chatRoom.troubleshoot", true);
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
      if (next === undefined) return item(icon, t("{0} Click for more.", sentence), "chatRoom.menu");
      return {
        ...item(`${icon}${count}`, t("{0}. Click to read.", newMessages(unread)), "chatRoom.openChat"),
        argument: { conversation: next.conversation, name: next.name },
      };
    }
  }
}
