// history, search: prints stored messages.

import { everyone, match } from "../../protocol/conversations/conversation-id.ts";
import { history as historyRequest } from "../../protocol/api/session.ts";
import { search as searchRequest } from "../../protocol/api/conversation.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Failure } from "../../protocol/errors.ts";
import { findConversation } from "../connection/find-conversation.ts";
import type { CliCommand } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";

export const history: CliCommand = async (context) => {
  const daemon = await context.connect();
  const conversation = await findConversation(context, daemon);
  if (typeof conversation === "object") return context.output.refused(conversation);
  const read = await newest(daemon, conversation ?? everyone, context.options.limit);
  if ("code" in read) return context.output.refused(read);
  for (const message of read) context.output.message(message);
  return 0;
};

/** Returns the newest messages, oldest first, reading several pages if necessary. */
async function newest(
  daemon: DaemonConnection,
  conversation: ConversationId,
  limit: number,
): Promise<ChatMessage[] | Failure> {
  let messages: ChatMessage[] = [];
  for (;;) {
    const before = messages[0]?.seq;
    const asked = { conversation, limit: limit - messages.length, ...(before !== undefined && { before }) };
    const page = await daemon.request(historyRequest, asked);
    if (!page.ok) return page;
    messages = [...page.messages, ...messages];
    if (!page.more || page.messages.length === 0 || messages.length >= limit) return messages;
  }
}

/** Prints the newest messages that contain all the words, oldest first as in `history`. */
export const search: CliCommand = async (context) => {
  const { words, options, output } = context;
  const daemon = await context.connect();
  const named = options.with === undefined ? [] : [options.with];
  const conversation = await findConversation({ ...context, words: named }, daemon);
  if (typeof conversation === "object") return output.refused(conversation);
  const text = words.join(" ").slice(0, maxSearchText);
  const found = await find(daemon, text, conversation, options.limit);
  if ("code" in found) return output.refused(found);
  for (const message of found.messages.reverse()) output.message(message, nameOf(message.conversation));
  if (found.messages.length === 0) output.hint("Nothing was found.");
  else if (found.more) output.hint("There are older ones; --limit shows more, more words fewer.");
  return 0;
};

/**
 * Returns matches, newest first. Many matches come in several answers, and a slow search answers with the position to
 * continue from.
 */
async function find(
  daemon: DaemonConnection,
  text: string,
  conversation: ConversationId | undefined,
  limit: number,
): Promise<{ readonly messages: ChatMessage[]; readonly more: boolean } | Failure> {
  const messages: ChatMessage[] = [];
  for (let before: number | undefined; ;) {
    const where = { ...(conversation !== undefined && { conversation }), ...(before !== undefined && { before }) };
    const found = await daemon.request(searchRequest, { text, limit: limit - messages.length, ...where });
    if (!found.ok) return found;
    messages.push(...found.hits.map(({ message }) => message));
    if (found.next === undefined || messages.length >= limit) return { messages, more: found.next !== undefined };
    before = found.next;
  }
}

const maxSearchText = 1_024;

function nameOf(conversation: ConversationId): string {
  return match(conversation, { everyone: () => "everyone", person: (key) => key });
}
