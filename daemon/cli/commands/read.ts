// history, tail: what was written, as it was or as it comes.

import { messagesChanged } from "../../../protocol/editor/notifications.ts";
import { daemonStatus, findContact, history as historyRequest } from "../../../protocol/editor/requests.ts";
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
