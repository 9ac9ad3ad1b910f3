// Asks the daemon to edit an own message. A refused text goes back only to the person who wrote it.

import { editMessage } from "../../../protocol/conversations/kinds/edit.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export function edit(panel: PanelContext): Handlers<"edit"> {
  return {
    async edit({ account, mid, text }) {
      const { daemon, conversation, channel } = panel;
      if (account !== panel.account()) return; // the page keeps the text until that account signs in again
      const outcome = await daemon.request(editMessage, { conversation, mid: mid as MessageId, text });
      if (account !== panel.account()) return;
      const refused = outcome.ok ? {} : { refused: outcome.reason, transient: outcome.code === "unavailable" };
      channel.keep({ kind: "edited", account, mid, text, ...refused });
    },
  };
}
