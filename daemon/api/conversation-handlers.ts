// What each request of `protocol/api/conversation.ts` does. Thin, as `service.ts`.

import { randomUUID } from "node:crypto";
import { failure } from "../../protocol/errors.ts";
import type { AccountSession } from "../account/account-session.ts";
import { done } from "./done.ts";
import type { Drafts } from "../windows/drafts.ts";
import type { DaemonApi } from "./api.ts";
import type { HistoryReader } from "../history/reader.ts";
import type { Engine } from "../engine/engine.ts";
import type { PresenceService } from "../presence/presence-service.ts";

export interface ConversationDeps {
  readonly engine: Engine;
  readonly account: AccountSession;
  readonly drafts: Drafts;
  readonly presence: PresenceService;
  /** Of the account whose history is open, or is about to be, with everything that came until now. */
  readonly reader: () => Promise<HistoryReader | undefined>;
}

type ConversationHandlers = Pick<
  DaemonApi,
  | "editMessage"
  | "deleteMessage"
  | "react"
  | "search"
  | "historyAround"
  | "historyAfter"
  | "findMessage"
  | "markUnread"
  | "setDraft"
  | "draft"
  | "typing"
  | "setPresence"
  | "setSignals"
  | "accounts"
  | "switchAccount"
>;

const defaultPage = 100;
const defaultHits = 50;

export function createConversationHandlers({
  engine,
  account,
  drafts,
  presence,
  reader,
}: ConversationDeps): ConversationHandlers {
  return {
    editMessage: ({ mid: target, ...params }) =>
      done(engine.execute({ kind: "edit", ...params, target, mid: randomUUID() })),
    deleteMessage: ({ mid: target, ...params }) =>
      done(engine.execute({ kind: "deletion", ...params, target, mid: randomUUID() })),
    react: (params) => done(engine.execute({ kind: "reaction", ...params, mid: randomUUID() })),

    search: async ({ text, conversation, before, limit = defaultHits }, view) =>
      (await (await reader())?.search(view, { text, conversation, before, limit })) ?? signInFirst,
    historyAround: async ({ conversation, seq, limit = defaultPage }) =>
      (await (await reader())?.around(conversation, seq, limit)) ?? signInFirst,
    historyAfter: async ({ conversation, after, limit = defaultPage }) =>
      (await (await reader())?.pageAfter(conversation, after, limit)) ?? signInFirst,
    findMessage: async ({ from, mid }) => (await reader())?.named(from, mid) ?? signInFirst,
    markUnread: (params) => done(engine.execute({ kind: "markUnread", ...params })),

    setDraft: ({ conversation, text }, view) => drafts.set(conversation, text, view),
    draft: async ({ conversation }) => {
      await reader();
      return drafts.get(conversation);
    },

    typing: ({ conversation }) => presence.typing(conversation),
    setPresence: (params) => presence.setPresence(params),
    setSignals: (params) => presence.setSignals(params),

    accounts: () => ({ ok: true, accounts: account.accounts() }),
    switchAccount: (params) => account.switchTo(params.account),
  };
}

const signInFirst = failure("not_authenticated", "Sign in first.");
