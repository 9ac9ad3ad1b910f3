// Handlers for the requests of `protocol/api/conversation.ts` and of the kinds of events. They only call other modules.

import { randomUUID } from "node:crypto";
import type { Outcome } from "../../protocol/api/declare.ts";
import { failure } from "../../protocol/errors.ts";
import type { AccountSession } from "../account/account-session.ts";
import type { CommandOutcome } from "../core/effects.ts";
import { requests } from "../core/kinds/kinds.ts";
import type { KindCommand } from "../core/kinds/kinds.ts";
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
  /** Reads the account whose history is open or is being opened, including everything received so far. */
  readonly reader: () => Promise<HistoryReader | undefined>;
}

type KindRequest = keyof typeof requests;
type ConversationHandlers = Pick<
  DaemonApi,
  | KindRequest
  | "search"
  | "historyAround"
  | "historyAfter"
  | "findMessage"
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
    ...kindHandlers(engine),

    search: async ({ text, conversation, before, limit = defaultHits }, view) =>
      (await (await reader())?.search(view, { text, conversation, before, limit })) ?? signInFirst,
    historyAround: async ({ conversation, seq, limit = defaultPage }) =>
      (await (await reader())?.around(conversation, seq, limit)) ?? signInFirst,
    historyAfter: async ({ conversation, after, limit = defaultPage }) =>
      (await (await reader())?.pageAfter(conversation, after, limit)) ?? signInFirst,
    findMessage: async ({ from, mid }) => (await reader())?.named(from, mid) ?? signInFirst,

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

/** Each request about a kind of event is one command, with an id for the event that it may create. */
function kindHandlers(engine: Engine): Pick<DaemonApi, KindRequest> {
  type ToCommand = (params: unknown, mid: string) => KindCommand;
  const handlers = Object.entries(requests).map(([name, toCommand]) => {
    const handle = (params: unknown) => resultOf(engine.execute((toCommand as ToCommand)(params, randomUUID())));
    return [name, handle];
  });
  return Object.fromEntries(handlers) as Pick<DaemonApi, KindRequest>;
}

/** The result of a request that creates a message is that message. */
function resultOf(outcome: CommandOutcome): Outcome<object> {
  return outcome.ok ? { ok: true, ...(outcome.message && { message: outcome.message }) } : outcome;
}

const signInFirst = failure("not_authenticated", "Sign in first.");
