// What the one status bar item says and does, as plain data.

import type { Contact } from "../../protocol/editor/model.ts";
import { latestUnread, newMessages, totalUnread } from "../contacts/model.ts";
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
      return item("$(warning) Chat Room", `${sentence} Click to restart it.`, "chatRoom.troubleshoot", true);
    case "signedOut":
    case "elsewhere":
      return item(`${icon} Sign In`, `${sentence} Click to sign in.`, "chatRoom.signIn");
    case "unreachable":
      return item(`$(debug-disconnect) Chat Room${count}`, `${sentence} Click to try now.`, "chatRoom.reconnect");
    case "distrusted":
      return item(
        `$(shield) Chat Room${count}`,
        `${sentence} Click to compare the keys.`,
        "chatRoom.trustServer",
        true,
      );
    case "connected": {
      const next = latestUnread(contacts);
      if (next === undefined) return item(icon, sentence, "chatRoom.contacts.focus");
      return {
        ...item(`${icon}${count}`, `${newMessages(unread)}. Click to read.`, "chatRoom.openChat"),
        argument: { conversation: next.conversation, name: next.name },
      };
    }
  }
}
