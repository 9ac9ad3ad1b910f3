// Finds the conversation that a command is about. Known contacts are found without the server, so that the history can be
// read at once and without a session.

import { conversationWith, everyone } from "../../protocol/conversations/conversation-id.ts";
import { findContact, snapshot } from "../../protocol/api/session.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Context } from "../commands/command-context.ts";
import type { DaemonConnection } from "./daemon-connection.ts";

/** @returns undefined without a name */
export async function findConversation(
  { words, options }: Pick<Context, "words" | "options">,
  daemon: DaemonConnection,
): Promise<ConversationId | Failure | undefined> {
  const [name] = words;
  if (options.everyone) return everyone;
  if (name === undefined) return undefined;
  const known = await daemon.request(snapshot, {});
  const conversation = conversationWith(name.trim());
  if (known.ok && known.contacts.some((each) => each.conversation === conversation)) return conversation;
  await daemon.settledSession();
  const found = await daemon.request(findContact, { user: name });
  return found.ok ? found.contact.conversation : found;
}
