// send, broadcast: ends when it is known what became of the message, or that it waits: for a server that is away, or that
// does not take it for now. Of several messages each waits for the one before it, so that they stay in order.

import type { Clock } from "../../../base/clock.ts";
import { messagesChanged, sessionChanged } from "../../../protocol/editor/notifications.ts";
import { findContact, send as sendRequest } from "../../../protocol/editor/requests.ts";
import type { ChatMessage, ConversationId } from "../../../protocol/editor/model.ts";
import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { CliCommand, Context, ExitCode } from "../context.ts";
import type { DaemonClient } from "../daemon-client.ts";
import { messagesOf } from "../piped.ts";

/** Longer than the server takes to say what became of a message. */
const patienceMs = 30_000;

export const send: CliCommand = async (context) => {
  const [name = "", ...words] = context.words;
  const texts = await textsOf(context, words);
  if ("code" in texts) return context.output.refused(texts);
  const daemon = await context.connect();
  await daemon.settledSession();
  const found = await daemon.request(findContact, { user: name });
  if (!found.ok) return context.output.refused(found);
  return await deliverAll(context, daemon, found.contact.conversation, texts);
};

export const broadcast: CliCommand = async (context) => {
  const texts = await textsOf(context, context.words);
  if ("code" in texts) return context.output.refused(texts);
  const daemon = await context.connect();
  await daemon.settledSession();
  return await deliverAll(context, daemon, "everyone", texts);
};

/** The words as one text, or what is piped in. What a person types at a terminal is theirs: prose. */
async function textsOf({ terminal, options }: Context, words: readonly string[]): Promise<readonly string[] | Failure> {
  const reads = words.length === 0 || (words.length === 1 && words[0] === "-");
  const text = reads ? await terminal.readAll() : words.join(" ");
  if (text === undefined)
    return failure("bad_request", "The input is not UTF-8 text. Convert it first, or send the link to it.");
  return messagesOf(text, reads && !terminal.interactive, { ...options, prose: options.text });
}

async function deliverAll(
  context: Context,
  daemon: DaemonClient,
  conversation: ConversationId,
  texts: readonly string[],
): Promise<ExitCode> {
  for (const [index, text] of texts.entries()) {
    const part = texts.length === 1 ? "" : `${index + 1}/${texts.length}: `;
    const code = await deliver(context, daemon, conversation, text, part);
    if (code !== 0) return code;
  }
  return 0;
}

/** @param part what is said before the outcome */
async function deliver(
  { output, clock }: Context,
  daemon: DaemonClient,
  conversation: ConversationId,
  text: string,
  part: string,
): Promise<ExitCode> {
  const outcomes = watch(daemon, conversation, clock);
  const sent = await daemon.request(sendRequest, { conversation, text });
  if (!sent.ok) return output.refused({ ...sent, reason: part + sent.reason });
  const message = await outcomes.of(sent.message);
  const { failure: why, state } = message;
  if (state === "failed" && why) return output.refused({ ...why, reason: part + why.reason });
  output.result(part + describe(message), { message });
  return 0;
}

/** Must begin before the message is sent: what becomes of it may be said before the answer. */
function watch(daemon: DaemonClient, conversation: ConversationId, clock: Clock) {
  const latest = new Map<number, ChatMessage>();
  let reachable = true;
  let patient = true;
  let check: () => void = () => undefined;
  clock.setTimer(patienceMs, () => {
    patient = false;
    check();
  });
  daemon.on(messagesChanged, ({ messages }) => {
    for (const each of messages) if (each.conversation === conversation) latest.set(each.seq, each);
    check();
  });
  daemon.on(sessionChanged, ({ session }) => {
    reachable = session.state === "connected" || session.state === "connecting";
    check();
  });
  return {
    async of(sent: ChatMessage): Promise<ChatMessage> {
      const session = await daemon.settledSession();
      reachable &&= "state" in session && session.state === "connected";
      return await new Promise((resolve) => {
        check = () => {
          const now = latest.get(sent.seq) ?? sent;
          if (now.state !== "sending" || !reachable || !patient) resolve(now);
        };
        void daemon.closed.then(() => resolve(latest.get(sent.seq) ?? sent));
        check();
      });
    },
  };
}

function describe(message: ChatMessage): string {
  switch (message.state) {
    case "queued":
      return "Queued at the server: the recipient is offline.";
    case "sending":
      return "In the outbox: it is sent as soon as the server takes it.";
    case "delivered":
    case "read":
    case "failed":
    case "received":
      return "Delivered.";
  }
}
