// Adds or removes a reaction of this person to a message.

import { react } from "../../../protocol/conversations/kinds/reaction.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export function reaction({ daemon, conversation, channel }: PanelContext): Handlers<"react"> {
  return {
    async react({ seq, emoji, on }) {
      channel.postRefusal(await daemon.request(react, { conversation, seq, emoji, on }));
    },
  };
}
