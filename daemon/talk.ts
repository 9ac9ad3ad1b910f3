// What each request of `protocol/editor/talk.ts` does. Thin, as `service.ts`.

import { randomUUID } from "node:crypto";
import { failure } from "../protocol/errors.ts";
import type { AccountKeeper } from "./account.ts";
import { done } from "./done.ts";
import type { Drafts } from "./drafts.ts";
import type { Service } from "./editor/service.ts";
import type { Runner } from "./runner.ts";
import type { Signals } from "./signals.ts";

export interface TalkParts {
  readonly runner: Runner;
  readonly account: AccountKeeper;
  readonly drafts: Drafts;
  readonly signals: Signals;
}

type TalkService = Pick<
  Service,
  | "editMessage"
  | "deleteMessage"
  | "react"
  | "search"
  | "historyAround"
  | "historyAfter"
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

export function createTalkService({ runner, account, drafts, signals }: TalkParts): TalkService {
  /** Of the account that is open, with everything that came until now. */
  const opened = () => {
    runner.flush();
    return runner.history;
  };
  return {
    editMessage: (params) => done(runner.command({ kind: "edit", ...params, act: randomUUID() })),
    deleteMessage: (params) => done(runner.command({ kind: "delete", ...params, act: randomUUID() })),
    react: (params) => done(runner.command({ kind: "react", ...params, act: randomUUID() })),

    search: ({ text, conversation, before, limit }) => {
      const found = opened()?.search(text, conversation, before, limit ?? defaultHits);
      return found ? { ok: true, ...found } : signInFirst;
    },
    historyAround: ({ conversation, seq, limit = defaultPage }) => {
      const history = opened();
      if (!history) return signInFirst;
      const before = history.page(conversation, seq, limit);
      const after = history.pageAfter(conversation, seq - 1, limit + 1);
      const messages = [...before.messages, ...after.messages];
      return { ok: true, messages, moreBefore: before.more, moreAfter: after.more };
    },
    historyAfter: ({ conversation, after, limit }) => {
      const page = opened()?.pageAfter(conversation, after, limit ?? defaultPage);
      return page ? { ok: true, ...page } : signInFirst;
    },

    setDraft: ({ conversation, text }, view) => drafts.set(conversation, text, view),
    draft: ({ conversation }) => drafts.get(conversation),

    typing: ({ conversation }) => signals.typing(conversation),
    setPresence: (params) => signals.setPresence(params),
    setSignals: (params) => signals.setSignals(params),

    accounts: () => ({ ok: true, accounts: account.accounts() }),
    switchAccount: (params) => account.switchTo(params.account),
  };
}

const signInFirst = failure("not_authenticated", "Sign in first.");
