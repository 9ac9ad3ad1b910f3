// Deletes an own message if the person confirms it.

import { deleteMessage } from "../../../protocol/conversations/kinds/deletion.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export function deletion({ daemon, conversation, loader, channel, confirmDeletion }: PanelContext): Handlers<"delete"> {
  return {
    async delete({ mid }) {
      const message = loader.message((each) => each.own && each.mid === mid);
      if (message === undefined || !(await confirmDeletion(message))) return;
      channel.postRefusal(await daemon.request(deleteMessage, { conversation, mid: mid as MessageId }));
    },
  };
}
