// Gives a message to the daemon. Its id is chosen before, by the view, so that a daemon that was lost before it answered can
// be asked again, and nothing is stored or sent twice. No vscode.

import { randomUUID } from "node:crypto";
import type { Outcome } from "../../protocol/api/declare.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { send } from "../../protocol/conversations/kinds/text.ts";
import type { MessageId } from "../../protocol/ids.ts";
import { wrongAccount } from "../commands/app-context.ts";
import { isReached } from "../daemon-client/port.ts";
import type { Daemon } from "../daemon-client/port.ts";
import type { SessionStore } from "../daemon-client/session-store.ts";

export interface NewMessage {
  readonly conversation: ConversationId;
  readonly text: string;
  readonly mid: MessageId;
  /** The position of the message that it answers. */
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
    // Somebody else may have signed in while the connection was lost: who, has to be known first.
    if (daemon.link.state === "connected") await store.told();
    return isTheirs() ? daemon.request(send, message) : wrongAccount();
  };
  const outcome = await ask();
  if (outcome.ok || outcome.code !== "unavailable" || !(await isReached(daemon))) return outcome;
  return ask();
}
