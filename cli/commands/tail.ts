// tail: prints messages as they arrive. Ends if no more can arrive, because nobody is signed in any more or somebody else
// is. If another daemon takes over, it continues there with the messages that arrived meanwhile. It never starts a daemon,
// because somebody may have stopped it on purpose.

import { contactsChanged, messagesChanged, notice, sessionChanged } from "../../protocol/api/notifications.ts";
import { history } from "../../protocol/api/session.ts";
import { historyAfter } from "../../protocol/api/conversation.ts";
import { sameAccount } from "../../protocol/api/model.ts";
import type { Account, SessionState } from "../../protocol/api/model.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { findConversation } from "../connection/find-conversation.ts";
import type { CliCommand, Context } from "./command-context.ts";
import type { DaemonConnection } from "../connection/daemon-connection.ts";
import { openedSession } from "../connection/opened-session.ts";
import { TailedMessages } from "./tailed-messages.ts";

/** Timeout for another daemon to take over. */
const takeoverTimeoutMs = 10_000;
const pollMs = 200;
const pageSize = 500;

export const tail: CliCommand = async (context) => {
  const { output, interrupted } = context;
  let daemon: DaemonConnection | undefined = await context.connect();
  const only = await findConversation(context, daemon);
  if (typeof only === "object") return output.refused(only);
  const messages = new TailedMessages((message) => {
    if (only === undefined || only === message.conversation) output.message(message);
  });
  const stopped = interrupted().then(() => undefined);
  let account: Account | undefined;
  while (daemon) {
    const followed = await follow(context, daemon, { messages, only, account, stopped });
    if (!followed) return 0;
    if ("code" in followed) return output.refused(followed);
    ({ account } = followed);
    const next: DaemonConnection | "stopped" | undefined = await Promise.race([
      takenOver(context),
      stopped.then(() => "stopped" as const),
    ]);
    if (next === "stopped") return 0;
    daemon = next;
  }
  return output.refused(failure("unavailable", "The daemon has ended. Run tail again to go on."));
};

interface Followed {
  readonly messages: TailedMessages;
  readonly only: ConversationId | undefined;
  /** The account whose messages have been printed so far. */
  readonly account: Account | undefined;
  readonly stopped: Promise<undefined>;
}

/** @returns the account, if the daemon has gone; the reason why no more can arrive; undefined if the person interrupted */
async function follow(
  { output }: Context,
  daemon: DaemonConnection,
  { messages, only, account: before, stopped }: Followed,
): Promise<{ readonly account: Account } | Failure | undefined> {
  let account = before;
  let isAway = false;
  const left = Promise.withResolvers<Failure>();
  const look = (session: SessionState): void => {
    const reason = whyLeft(session, account);
    if (reason) left.resolve(reason);
    if (session.state === "unreachable" && !isAway)
      output.hint(`Without a connection, so nothing comes: ${session.reason}`);
    if (session.state === "connected" && isAway) output.hint("Connected again.");
    isAway = session.state === "unreachable" || (isAway && session.state === "connecting");
  };
  daemon.on(messagesChanged, (changed) => messages.changed(changed.messages));
  daemon.on(contactsChanged, ({ changed, removed }) => {
    const emptied = changed.filter(({ lastAtMs }) => lastAtMs === undefined).map(({ conversation }) => conversation);
    messages.forget([...removed, ...emptied]);
  });
  daemon.on(notice, ({ text }) => output.notice(text));
  daemon.on(sessionChanged, ({ session }) => look(session));
  const gone = daemon.closed.then(() => "gone" as const);

  const opened = await openedSession(daemon);
  if (opened.ok) {
    if (account === undefined && opened.session.state === "signedOut") return signInFirst;
    look(opened.session);
    account ??= opened.session.account;
    const known = opened.contacts.filter(({ conversation, lastAtMs }) => {
      return lastAtMs !== undefined && (only === undefined || only === conversation);
    });
    const caughtUp = await catchUp(
      daemon,
      messages,
      known.map(({ conversation }) => conversation),
      before === undefined,
    );
    if (caughtUp && !(await isGone(daemon))) return caughtUp;
    messages.begin();
    if (before === undefined) output.hint("Waiting for messages; Ctrl+C ends it.");
  } else if (!(await isGone(daemon))) return opened.code === "not_authenticated" ? signInFirst : opened;
  const end = await Promise.race([stopped, left.promise, gone]);
  if (end !== "gone") return end;
  return account === undefined ? failure("unavailable", "The daemon has gone. Try again.") : { account };
}

/** Returns the reason why no more messages will arrive for that account. */
function whyLeft(session: SessionState, account: Account | undefined): Failure | undefined {
  if (session.account && account && !sameAccount(session.account, account)) return anotherAccount;
  if (session.state !== "signedOut") return undefined;
  const { code = "not_authenticated", reason = "Signed out." } = session;
  return failure(code, `${reason} Run tail again after a login.`);
}

const signInFirst = failure("not_authenticated", "Sign in first: chat-room login");
const anotherAccount = failure(
  "not_authenticated",
  "Another account is signed in now. Run tail again for its messages.",
);

/**
 * Skips messages older than the command, or prints those since the last daemon. @returns the reason if they cannot be read
 */
async function catchUp(
  daemon: DaemonConnection,
  messages: TailedMessages,
  conversations: readonly ConversationId[],
  isFirst: boolean,
): Promise<Failure | undefined> {
  for (const conversation of conversations) {
    if (isFirst) {
      const page = await daemon.request(history, { conversation, limit: 1 });
      if (!page.ok) return page;
      messages.startBehind(conversation, page.messages.at(-1)?.seq ?? 0);
      continue;
    }
    for (let after = messages.settledUpTo(conversation), more = true; more;) {
      const page = await daemon.request(historyAfter, { conversation, after, limit: pageSize });
      if (!page.ok) return page;
      messages.read(page.messages);
      after = page.messages.at(-1)?.seq ?? after;
      more = page.more && page.messages.length > 0;
    }
  }
  return undefined;
}

/** Whether the connection has closed, as far as this turn of the event loop can know. */
async function isGone(daemon: DaemonConnection): Promise<boolean> {
  return await Promise.race([
    daemon.closed.then(() => true),
    new Promise<false>((resolve) => setImmediate(resolve, false)),
  ]);
}

async function takenOver({ connectOnly, clock }: Context): Promise<DaemonConnection | undefined> {
  const deadlineMs = clock.monotonicMs() + takeoverTimeoutMs;
  while (clock.monotonicMs() < deadlineMs) {
    const daemon = await connectOnly();
    if (daemon) return daemon;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return undefined;
}
