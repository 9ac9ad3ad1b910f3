// A conversation between a daemon with scripted answers and a panel that records what it receives.

import assert from "node:assert/strict";
import { Conversation } from "../../../../extension/chat/conversation.ts";
import { SessionStore } from "../../../../extension/daemon-client/session-store.ts";
import { history, snapshot } from "../../../../protocol/api/session.ts";
import { markRead } from "../../../../protocol/conversations/kinds/read-mark.ts";
import { historyAfter, historyAround } from "../../../../protocol/api/conversation.ts";
import type { ToPanel } from "../../../../protocol/page/page-messages.ts";
import { connectedSession, DaemonStandIn, message, person, settled, noTimer, silentLog } from "../stand-ins.ts";

/** For every message from the panel. */
export const token = "t";
export const account = JSON.stringify({ user: "bob", server: "127.0.0.1:8765" });

function unexpected(): void {
  throw new Error("This needs VS Code.");
}

/**
 * Creates the conversation with alice, with `count` messages; its panel is not ready yet.
 * @param options `isTold`: the daemon has reported the session; `sure`: the person confirms questions
 */
export async function opened(
  options: { count?: number; unread?: number; inSight?: () => boolean; sure?: boolean; isTold?: boolean } = {},
) {
  const { count = 3, unread = 0, inSight = () => true, isTold = true } = options;
  const daemon = new DaemonStandIn();
  const all = Array.from({ length: count }, (_, index) => message(index + 1));
  const known = { session: connectedSession, contacts: [person("alice", { unread })] };
  if (isTold) daemon.answer(snapshot, () => ({ ok: true, ...known }));
  daemon.answer(history, ({ before, limit = 50 }) => {
    const earlier = all.filter((each) => before === undefined || each.seq < before);
    const page = earlier.slice(-limit);
    return { ok: true, messages: page, more: page.length < earlier.length };
  });
  daemon.answer(historyAround, ({ seq, limit = 50 }) => {
    const messages = all.filter((each) => Math.abs(each.seq - seq) <= limit);
    const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
    return { ok: true, messages, moreBefore: first > 1, moreAfter: last < all.length };
  });
  daemon.answer(historyAfter, ({ after, limit = 50 }) => {
    const later = all.filter((each) => each.seq > after);
    return { ok: true, messages: later.slice(0, limit), more: later.length > limit };
  });
  daemon.answer(markRead, () => ({ ok: true }));
  const store = new SessionStore(daemon, silentLog, noTimer);
  await settled();
  const posted: ToPanel[] = [];
  const conversation = new Conversation({
    id: "user:alice",
    name: "alice",
    daemon,
    store,
    inSight,
    confirmDeletion: () => Promise.resolve(options.sure ?? true),
    post: (each) => posted.push(each),
    vscode: { open: unexpected, act: unexpected, take: unexpected, link: unexpected, attach: unexpected },
  });
  const kinds = (): string[] => posted.map((each) => each.kind);
  const last = <K extends ToPanel["kind"]>(kind: K): Extract<ToPanel, { kind: K }> => {
    const found = posted.findLast((each): each is Extract<ToPanel, { kind: K }> => each.kind === kind);
    assert.ok(found, `nothing of the kind ${kind} was posted: ${kinds().join(", ")}`);
    return found;
  };
  const seqs = (): number[] => last("loaded").messages.map((each) => each.seq);
  return { daemon, store: store, conversation, posted, kinds, last, seqs, all };
}
