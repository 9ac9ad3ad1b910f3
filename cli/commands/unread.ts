// unread, mark-read, mute, unmute: unread messages, and conversations without notifications.

import { history, mute as muteRequest } from "../../protocol/api/session.ts";
import { markRead } from "../../protocol/conversations/kinds/read-mark.ts";
import { arrivalOf } from "../../protocol/api/model.ts";
import type { Contact } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { failure } from "../../protocol/errors.ts";
import { findConversation } from "../connection/find-conversation.ts";
import type { CliCommand, Context } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { plainName } from "../terminal/output.ts";
import { openedSession } from "../connection/opened-session.ts";
import { connectedSpeaker } from "../connection/acting-account.ts";

/** Lists unread conversations, newest first. Blocked people are left out; muted conversations are listed but not summed. */
export const unread: CliCommand = async ({ connect, output }) => {
  const daemon = await connect();
  const opened = await openedSession(daemon);
  if (!opened.ok) return output.refused(opened);
  const waiting = opened.contacts.filter((each) => each.unread > 0 && !each.blocked);
  waiting.sort((one, other) => arrivalOf(other) - arrivalOf(one));
  const lines = waiting.map((each) => `${each.unread}  ${nameOf(each)}${each.muted ? " (muted)" : ""}`);
  output.result(lines.length === 0 ? "Nothing is unread." : lines.join("\n"), {
    unread: waiting.reduce((sum, each) => sum + (each.muted ? 0 : each.unread), 0),
    conversations: waiting.map(({ conversation, name, unread: count, muted }) => {
      return { conversation, name, unread: count, muted };
    }),
  });
  return 0;
};

export const markReadCommand: CliCommand = async (context) => {
  const { options, output } = context;
  const daemon = await connectedSpeaker(context);
  const chosen = options.all ? undefined : await findConversation(context, daemon);
  if (typeof chosen === "object") return output.refused(chosen);
  const opened = await openedSession(daemon);
  if (!opened.ok) return output.refused(opened);
  const marked = opened.contacts.filter((each) => each.unread > 0 && (options.all || each.conversation === chosen));
  for (const { conversation } of marked) {
    const outcome = await markAll(daemon, conversation);
    if (!outcome.ok) return output.refused(outcome);
  }
  const messages = marked.reduce((sum, each) => sum + each.unread, 0);
  output.result(messages === 0 ? "Nothing was unread." : `Read: ${messages}.`, { ok: true, messages });
  return 0;
};

async function markAll(daemon: DaemonConnection, conversation: ConversationId): Promise<Outcome<object>> {
  const page = await daemon.request(history, { conversation, limit: 1 });
  if (!page.ok) return page;
  return await daemon.request(markRead, { conversation, upTo: page.messages.at(-1)?.seq ?? 0 });
}

export const mute: CliCommand = (context) => setMuted(context, true);
export const unmute: CliCommand = (context) => setMuted(context, false);

async function setMuted(context: Context, muted: boolean): ReturnType<CliCommand> {
  const { output, options, words } = context;
  const daemon = await context.connect();
  const conversation = await findConversation(context, daemon);
  if (typeof conversation === "object") return output.refused(conversation);
  if (conversation === undefined) return output.refused(failure("bad_request", "There is no such conversation."));
  const outcome = await daemon.request(muteRequest, { conversation, muted });
  if (!outcome.ok) return output.refused(outcome);
  const name = options.everyone ? "everyone" : (words[0] ?? "");
  output.result(muted ? `No notifications of ${name}.` : `Notifications of ${name} again.`, { ok: true });
  return 0;
}

function nameOf({ name }: Pick<Contact, "name">): string {
  return name === "" ? "everyone" : plainName(name);
}
