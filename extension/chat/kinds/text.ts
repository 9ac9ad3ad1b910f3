// Sends what was written in a panel, and keeps each outcome until it has been reported to the page. The sender chooses the
// message's id in advance. So if the daemon is lost before it answers, the request can be repeated, and nothing is stored or
// sent twice. A text is only ever sent by the account for which it was written.

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
  /** Returns the outcomes of these texts, without those that are still being sent. */
  outcomesOf(mids: readonly string[]): readonly Settled[];
}

export function text(panel: PanelContext): TextHandlers {
  const { daemon, conversation, loader, viewport, channel } = panel;
  /** Outcomes by mid; undefined until the daemon has answered. */
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
 * Resolves once the message is on this machine's disk, or with the reason why it is not.
 * @param isTheirs whether the account for which it was written is still signed in
 */
export async function storeMessage(
  { daemon, store }: { readonly daemon: Daemon; readonly store: SessionStore },
  message: NewMessage,
  isTheirs: () => boolean,
): Promise<Outcome<{ message: ChatMessage }>> {
  const ask = async (): Promise<Outcome<{ message: ChatMessage }>> => {
    // Somebody else may have signed in while the connection was lost: wait until the daemon has reported the account.
    if (daemon.link.state === "connected") await store.told();
    return isTheirs() ? daemon.request(send, message) : wrongAccount();
  };
  const outcome = await ask();
  if (outcome.ok || outcome.code !== "unavailable" || !(await isReached(daemon))) return outcome;
  return ask();
}
