// history, search, tail: what was written, as it was or as it comes.

import { messagesChanged, notice, sessionChanged } from "../../../protocol/editor/notifications.ts";
import { findContact, history as historyRequest, snapshot } from "../../../protocol/editor/requests.ts";
import { search as searchRequest } from "../../../protocol/editor/talk.ts";
import { sameAccount } from "../../../protocol/editor/model.ts";
import type { Account, ChatMessage, ConversationId } from "../../../protocol/editor/model.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { CliCommand, Context } from "../context.ts";
import { daemonGone } from "../daemon-client.ts";
import type { DaemonClient } from "../daemon-client.ts";

export const history: CliCommand = async (context) => {
  const daemon = await context.connect();
  const conversation = await chosen(context, daemon);
  if (typeof conversation === "object") return context.output.refused(conversation);
  const page = await daemon.request(historyRequest, {
    conversation: conversation ?? "everyone",
    limit: context.options.limit,
  });
  if (!page.ok) return context.output.refused(page);
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
  if (!found.ok) return output.refused(found);
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
  if (typeof only === "object") return output.refused(only);
  const early: ChatMessage[] = [];
  let take = (messages: readonly ChatMessage[]): void => void early.push(...messages);
  daemon.on(messagesChanged, ({ messages }) => take(messages));
  daemon.on(notice, ({ text }) => output.notice(text));
  const begun = await begin(daemon, only);
  if (!begun.ok) return output.refused(begun);
  const { newest, account } = begun;
  const left = new Promise<Failure>((resolve) => {
    daemon.on(sessionChanged, ({ session }) => {
      if (session.account && !sameAccount(session.account, account)) resolve(anotherAccount);
    });
  });
  // A message is told of again whenever anything about it changes, such as a reaction.
  take = (messages) => {
    for (const message of messages) {
      const { conversation, seq } = message;
      if (seq <= (newest.get(conversation) ?? 0)) continue;
      newest.set(conversation, seq);
      if (only === undefined || only === conversation) output.message(message);
    }
  };
  take(early);
  output.hint("Waiting for messages; Ctrl+C ends it.");
  const ended = await Promise.race([interrupted(), left, daemon.closed.then(() => daemonGone)]);
  if (!ended) return 0;
  return output.refused(ended);
};

const anotherAccount = failure(
  "not_authenticated",
  "Another account is signed in now. Run tail again for its messages.",
);

/** Who is signed in, and up to where each conversation is no news. */
async function begin(
  daemon: DaemonClient,
  only: ConversationId | undefined,
): Promise<Failure | { readonly ok: true; readonly account: Account; readonly newest: Map<ConversationId, number> }> {
  const room = await daemon.request(snapshot, {});
  if (!room.ok) return room;
  const { session, contacts } = room;
  if (session.state === "signedOut") return failure("not_authenticated", "Sign in first: chat-room login");
  const newest = new Map<ConversationId, number>();
  for (const { conversation, lastAtMs } of contacts) {
    if (lastAtMs === undefined || (only !== undefined && only !== conversation)) continue;
    const page = await daemon.request(historyRequest, { conversation, limit: 1 });
    if (!page.ok) return page;
    for (const { seq } of page.messages) newest.set(conversation, seq);
  }
  return { ok: true, account: session.account, newest };
}

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
