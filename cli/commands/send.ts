// send, broadcast: finish when the outcome of the message is known, or when it has to wait because the server is
// unreachable or does not accept it now. Several messages are sent one after the other, so they stay in order. The id of a
// message is chosen here. If a daemon dies before it has answered, it can be asked again and nothing is sent twice.

import { everyone } from "../../protocol/conversations/conversation-id.ts";
import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Outcome } from "../../protocol/api/declare.ts";
import { messagesChanged, sessionChanged } from "../../protocol/api/notifications.ts";
import { daemonStatus, findContact } from "../../protocol/api/session.ts";
import { send as sendRequest } from "../../protocol/conversations/kinds/text.ts";
import type { ChatMessage } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { MessageId } from "../../protocol/ids.ts";
import type { CliCommand, Context, ExitCode } from "./command-context.ts";
import { daemonGone } from "../connection/daemon-connection.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { messagesOf } from "../terminal/piped-input.ts";
import { formatTime } from "../terminal/output.ts";
import { connectedSpeaker } from "../connection/acting-account.ts";

/** Longer than the server takes to report an outcome. */
const outcomeTimeoutMs = 30_000;
/** A daemon that dies this often on one message will do so again. */
const maxAttempts = 3;

export const send: CliCommand = async (context) => {
  const [name = "", ...words] = context.words;
  const texts = await textsOf(context, words);
  if ("code" in texts) return context.output.refused(texts);
  const daemon = await connectedSpeaker(context);
  const found = await daemon.request(findContact, { user: name });
  if (!found.ok) return context.output.refused(found);
  return await deliverAll(context, daemon, found.contact.conversation, texts);
};

export const broadcast: CliCommand = async (context) => {
  const texts = await textsOf(context, context.words);
  if ("code" in texts) return context.output.refused(texts);
  const daemon = await connectedSpeaker(context);
  return await deliverAll(context, daemon, everyone, texts);
};

/** Returns the words as one text, or the piped input. Text typed at a terminal is prose. */
export async function textsOf(
  { terminal, options }: Context,
  words: readonly string[],
): Promise<readonly string[] | Failure> {
  const reads = words.length === 0 || (words.length === 1 && words[0] === "-");
  const text = reads ? await terminal.readAll() : words.join(" ");
  if (text === undefined)
    return failure("bad_request", "The input is not UTF-8 text. Convert it first, or send the link to it.");
  return messagesOf(text, reads && !terminal.interactive, { ...options, prose: options.text });
}

async function deliverAll(
  context: Context,
  daemon: DaemonConnection,
  conversation: ConversationId,
  texts: readonly string[],
): Promise<ExitCode> {
  let worst: ExitCode = 0;
  for (const [index, text] of texts.entries()) {
    const part = texts.length === 1 ? "" : `${index + 1}/${texts.length}: `;
    const code = await deliver(context, daemon, conversation, text, part);
    if (code === 1) return code;
    // A message that waits is no reason to skip the rest.
    if (code !== 0) worst = code;
  }
  return worst;
}

/** @param part a prefix for the outcome */
async function deliver(
  context: Context,
  first: DaemonConnection,
  conversation: ConversationId,
  text: string,
  part: string,
): Promise<ExitCode> {
  const { output, options } = context;
  const { daemon, sent, outcomes } = await store(context, first, {
    conversation,
    text,
    mid: randomUUID() as MessageId,
  });
  if (!sent.ok) return output.refused({ ...sent, reason: part + sent.reason });
  const message = await outcomes.of(sent.message);
  const { failure: why, state } = message;
  if (state === "failed" && why) return output.refused({ ...why, reason: part + why.reason });
  const status = state === "sending" ? await daemon.request(daemonStatus, {}) : undefined;
  const untilMs = status?.ok === true ? status.triedUntilMs : undefined;
  output.result(part + describe(message, untilMs), {
    message,
    ...(untilMs !== undefined && { triedUntilMs: untilMs }),
  });
  return state === "sending" && options.waitSeconds !== undefined ? 3 : 0;
}

/** Asks the daemon to store the message. If the daemon dies meanwhile, asks another one with the same id. */
async function store(
  context: Context,
  first: DaemonConnection,
  message: { readonly conversation: ConversationId; readonly text: string; readonly mid: MessageId },
): Promise<{
  readonly daemon: DaemonConnection;
  readonly sent: Outcome<{ message: ChatMessage }>;
  readonly outcomes: Outcomes;
}> {
  const { speaker } = first;
  let daemon = first;
  for (let attempt = 1; ; attempt += 1) {
    const outcomes = watch(daemon, message.conversation, context.clock, context.options.waitSeconds);
    const sent = await daemon.request(sendRequest, message);
    if (sent !== daemonGone || attempt === maxAttempts) return { daemon, sent, outcomes };
    daemon = await context.connect();
    daemon.speaker = speaker;
  }
}

interface Outcomes {
  /** Resolves once the outcome is known, or once it is clear that the message has to wait. */
  of(sent: ChatMessage): Promise<ChatMessage>;
}

/**
 * Watches for outcomes. Must start before the message is sent, because the outcome may be reported before the answer.
 * @param waitSeconds waits this long, even while the server is unreachable
 */
function watch(
  daemon: DaemonConnection,
  conversation: ConversationId,
  clock: Clock,
  waitSeconds: number | undefined,
): Outcomes {
  const latest = new Map<number, ChatMessage>();
  let reachable = true;
  let inTime = true;
  let check: () => void = () => undefined;
  clock.setTimer(waitSeconds === undefined ? outcomeTimeoutMs : waitSeconds * 1_000, () => {
    inTime = false;
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
          const mayChange = inTime && (reachable || waitSeconds !== undefined);
          if (now.state !== "sending" || !mayChange) resolve(now);
        };
        void daemon.closed.then(() => resolve(latest.get(sent.seq) ?? sent));
        check();
      });
    },
  };
}

function describe(message: ChatMessage, triedUntilMs: number | undefined): string {
  switch (message.state) {
    case "queued":
      return "Queued at the server: the recipient is offline.";
    case "sending":
      return triedUntilMs === undefined
        ? "In the outbox, not sent yet: it goes with the next window or command that finds the server."
        : `In the outbox, not sent yet: the daemon tries until ${formatTime(triedUntilMs)}, also without a window; after ` +
            "that it goes with the next window or command. chat-room status shows what waits.";
    case "delivered":
    case "read":
    case "failed":
    case "received":
      return "Delivered.";
  }
}
