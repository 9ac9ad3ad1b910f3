// edit, delete-message: changes or deletes a sent message. Without --mid it is this person's last message in the
// conversation that is not deleted.

import { everyone } from "../../protocol/conversations/conversation-id.ts";
import { history } from "../../protocol/api/session.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { deleteMessage } from "../../protocol/conversations/kinds/deletion.ts";
import { editMessage } from "../../protocol/conversations/kinds/edit.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { MessageId } from "../../protocol/ids.ts";
import { findConversation } from "../connection/find-conversation.ts";
import type { CliCommand, Context, ExitCode } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { formatMessage } from "../terminal/output.ts";
import { isYes } from "../terminal/prompt.ts";
import { connectedSpeaker } from "../connection/acting-account.ts";
import { textsOf } from "./send.ts";

/** How many messages are searched. */
const maxLookedAt = 5_000;
const pageSize = 500;

export const edit: CliCommand = async (context) => {
  const { words, options, output } = context;
  const texts = await textsOf(context, options.everyone ? words : words.slice(1));
  if ("code" in texts) return output.refused(texts);
  const [text = ""] = texts;
  return await change(context, "Changed. It was", async (daemon, { conversation, mid }) => {
    return await daemon.request(editMessage, { conversation, mid: mid as MessageId, text });
  });
};

export const deleteMessageCommand: CliCommand = async (context) => {
  const { options, output, terminal } = context;
  if (!options.yes && !terminal.interactive) {
    output.failure(failure("bad_request", "Say --yes where nobody can be asked."));
    return 2;
  }
  return await change(context, "Taken back", async (daemon, message) => {
    if (!options.yes) {
      const answer = await terminal.ask(`${formatMessage(message)}\nTake it back, for the others too? [y/N] `);
      if (!isYes(answer)) return failure("denied", "Nothing was changed.");
    }
    const { conversation, mid } = message;
    return await daemon.request(deleteMessage, { conversation, mid: mid as MessageId });
  });
};

async function change(
  context: Context,
  done: string,
  act: (daemon: DaemonConnection, message: ChatMessage) => Promise<Outcome<object>>,
): Promise<ExitCode> {
  const { output, options } = context;
  const daemon = await connectedSpeaker(context);
  const conversation = await findConversation(context, daemon);
  if (typeof conversation === "object") return output.refused(conversation);
  const message = await find(daemon, conversation ?? everyone, options.mid);
  if ("code" in message) return output.refused(message);
  const outcome = await act(daemon, message);
  if (!outcome.ok) return output.refused(outcome);
  const session = await daemon.settledSession();
  const waits = "state" in session && session.state === "connected" ? "" : " It leaves when the server can be reached.";
  output.result(`${done}: ${formatMessage(message)}${waits}`, { ok: true, mid: message.mid });
  return 0;
}

async function find(
  daemon: DaemonConnection,
  conversation: ConversationId,
  mid: string | undefined,
): Promise<ChatMessage | Failure> {
  let before: number | undefined;
  for (let looked = 0; looked < maxLookedAt; looked += pageSize) {
    const asked = { conversation, limit: pageSize, ...(before !== undefined && { before }) };
    const page = await daemon.request(history, asked);
    if (!page.ok) return page;
    const found = page.messages.findLast((each) => {
      return each.own && (mid === undefined ? each.deleted !== true : each.mid === mid);
    });
    if (found) return found;
    before = page.messages[0]?.seq;
    if (!page.more || before === undefined) break;
  }
  const what = mid === undefined ? "There is no message of yours here." : "No message of yours has that id.";
  return failure("bad_request", what);
}
