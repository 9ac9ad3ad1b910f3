// Sends what was written in a panel, and keeps the outcome until the page has been told. The sender chooses the message's
// id before, so that a daemon that was lost before it answered can be asked again, and nothing is stored or sent twice. No
// text is sent by another account than the one that it was written for.

import { randomUUID } from "node:crypto";
import type { Outcome } from "../../../protocol/api/declare.ts";
import type { ChatMessage } from "../../../protocol/api/model.ts";
import type { ConversationId } from "../../../protocol/conversations/conversation-id.ts";
import { retry, send } from "../../../protocol/conversations/kinds/text.ts";
import { failure } from "../../../protocol/errors.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import type { ToPanel } from "../../../protocol/page/page-messages.ts";
import { wrongAccount } from "../../commands/app-context.ts";
import { isReached } from "../../daemon-client/port.ts";
import type { Daemon } from "../../daemon-client/port.ts";
import type { SessionStore } from "../../daemon-client/session-store.ts";
import type { Handlers, PanelContext } from "./kind.ts";

type Settled = Extract<ToPanel, { kind: "settled" }>;

export interface TextHandlers extends Handlers<"send" | "retry"> {
  /** What became of each text; nothing yet for those that are still on their way. */
  outcomesOf(mids: readonly string[]): readonly Settled[];
}

export function text(panel: PanelContext): TextHandlers {
  const { daemon, conversation, loader, viewport, channel } = panel;
  /** By mid; undefined until the daemon has answered. */
  const sent = new Map<string, Settled | undefined>();
  return {
    async send({ mid, text: written, account, replyTo }) {
      if (sent.has(mid)) return;
      sent.set(mid, undefined);
      const isTheirs = (): boolean => account === panel.account();
      const answers = replyTo === undefined ? {} : { answers: replyTo };
      const message = { conversation, text: written, mid: mid as MessageId, ...answers };
      const outcome = await storeMessage(panel, message, isTheirs);
      const settled: Settled = outcome.ok
        ? { kind: "settled", mid, outcome: "stored" }
        : {
            kind: "settled",
            mid,
            outcome: "refused",
            reason: outcome.reason,
            transient: outcome.code === "unavailable",
          };
      sent.set(mid, settled);
      if (outcome.ok && isTheirs()) viewport.showSent(outcome.message);
      channel.post(settled);
    },
    async retry({ mid }) {
      const outcome = await daemon.request(retry, { conversation, mid });
      const failed = loader.message((each) => each.mid === mid);
      if (outcome.ok || failed === undefined) return;
      const { code, reason } = failure(outcome.code, outcome.reason);
      viewport.change([{ ...failed, failure: { code, reason } }]);
    },
    outcomesOf(mids) {
      return mids.flatMap((mid) => {
        if (!sent.has(mid)) return [{ kind: "settled", mid, outcome: "unknown" }];
        const settled = sent.get(mid);
        return settled === undefined ? [] : [settled];
      });
    },
  };
}

export interface NewMessage {
  readonly conversation: ConversationId;
  readonly text: string;
  readonly mid: MessageId;
  /** The position of the message that it replies to. */
  readonly answers?: number;
}

export function newMessageId(): MessageId {
  return randomUUID() as MessageId;
}

/**
 * Answers once the message is on this machine's disk, or why it is not.
 * @param isTheirs whether the account that it was written for is still the one that is signed in
 */
export async function storeMessage(
  { daemon, store }: { readonly daemon: Daemon; readonly store: SessionStore },
  message: NewMessage,
  isTheirs: () => boolean,
): Promise<Outcome<{ message: ChatMessage }>> {
  const ask = async (): Promise<Outcome<{ message: ChatMessage }>> => {
    // Somebody else may have signed in while the connection was lost: the daemon has to say first who it is.
    if (daemon.link.state === "connected") await store.told();
    return isTheirs() ? daemon.request(send, message) : wrongAccount();
  };
  const outcome = await ask();
  if (outcome.ok || outcome.code !== "unavailable" || !(await isReached(daemon))) return outcome;
  return ask();
}
