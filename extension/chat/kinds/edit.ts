// Asks the daemon to change the text of an own message. A text that is refused goes back to the person who wrote it, and to
// nobody else.

import { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export function edit(panel: PanelContext): Handlers<"edit"> {
  return {
    async edit({ account, mid, text }) {
      const { daemon, conversation, channel } = panel;
      if (account !== panel.account()) return; // the page keeps the text until that account is back
      const outcome = await daemon.request(editMessage, { conversation, mid: mid as MessageId, text });
      if (account !== panel.account()) return;
      const refused = outcome.ok ? {} : { refused: outcome.reason, transient: outcome.code === "unavailable" };
      channel.keep({ kind: "edited", account, mid, text, ...refused });
    },
  };
}
