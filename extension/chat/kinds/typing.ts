// Tells the daemon that this person is writing, and the page that the other person is.

import { personTyping, typing as typingSignal } from "../../../protocol/conversations/kinds/typing.ts";
import type { Handlers, PanelContext } from "./kind.ts";

export function typing({ daemon, conversation, channel, disposables }: PanelContext): Handlers<"typing"> {
  disposables.add(
    daemon.on(personTyping, (person) => {
      if (person.conversation === conversation) channel.post({ kind: "typing" });
    }),
  );
  return {
    async typing() {
      await daemon.request(typingSignal, { conversation }); // a lost signal does no harm
    },
  };
}
