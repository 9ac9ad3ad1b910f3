// history, search, tail: what was written, as it was or as it comes.

import { messagesChanged } from "../../../protocol/editor/notifications.ts";
import { daemonStatus, findContact, history as historyRequest } from "../../../protocol/editor/requests.ts";
import { search as searchRequest } from "../../../protocol/editor/talk.ts";
import type { ConversationId } from "../../../protocol/editor/model.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { CliCommand, Context } from "../context.ts";
import { daemonGone } from "../daemon-client.ts";
import type { DaemonClient } from "../daemon-client.ts";

export const history: CliCommand = async (context) => {
  const daemon = await context.connect();
  const conversation = await chosen(context, daemon);
  if (typeof conversation === "object") {
    context.output.failure(conversation);
    return 1;
  }
  const page = await daemon.request(historyRequest, {
    conversation: conversation ?? "everyone",
    limit: context.options.limit,
  });
  if (!page.ok) {
    context.output.failure(page);
    return 1;
  }
  for (const message of page.messages) context.output.message(message);
  return 0;
};

/** The newest that hold all the words, oldest first as in `history`. */
export const search: CliCommand = async (context) => {
  const { words, options, output } = context;
  const daemon = await context.connect();
  const conversation = await chosen({ ...context, words: options.with === undefined ? [] : [options.with] }, daemon);
  const found =
    typeof conversation === "object"
      ? conversation
      : await daemon.request(searchRequest, {
          text: words.join(" ").slice(0, maxSearchText),
          limit: options.limit,
          ...(conversation === undefined ? {} : { conversation }),
        });
  if (!found.ok) {
    output.failure(found);
    return 1;
  }
  for (const { message } of found.hits.reverse()) output.message(message, nameOf(message.conversation));
  if (found.hits.length === 0) output.hint("Nothing was found.");
  else if (found.next !== undefined) output.hint("There are older ones; --limit shows more, more words fewer.");
  return 0;
};

const maxSearchText = 1_024;

function nameOf(conversation: ConversationId): string {
  return conversation.startsWith("user:") ? conversation.slice("user:".length) : conversation;
}

export const tail: CliCommand = async (context) => {
  const { output, interrupted } = context;
  const daemon = await context.connect();
  const only = await chosen(context, daemon);
  if (typeof only === "object") {
    output.failure(only);
    return 1;
  }
  const status = await daemon.request(daemonStatus, {});
  if (!status.ok || status.session.state === "signedOut") {
    output.failure(status.ok ? failure("not_authenticated", "Sign in first: chat-room login") : status);
    return 1;
  }
  const newest = new Map<ConversationId, number>();
  daemon.on(messagesChanged, ({ messages }) => {
    for (const message of messages) {
      const { conversation, seq, state } = message;
      const isNew = state === "received" || state === "sending";
      if (!isNew || seq <= (newest.get(conversation) ?? 0)) continue;
      newest.set(conversation, seq);
      if (only === undefined || only === conversation) output.message(message);
    }
  });
  output.hint("Waiting for messages; Ctrl+C ends it.");
  const ended = await Promise.race([interrupted().then(() => "interrupted"), daemon.closed]);
  if (ended === "interrupted") return 0;
  output.failure(daemonGone);
  return 1;
};

/** Of which conversation; undefined without a name. */
async function chosen(
  { words, options }: Context,
  daemon: DaemonClient,
): Promise<ConversationId | Failure | undefined> {
  const [name] = words;
  if (options.everyone) return "everyone";
  if (name === undefined) return undefined;
  await daemon.settledSession();
  const found = await daemon.request(findContact, { user: name });
  return found.ok ? found.contact.conversation : found;
}
