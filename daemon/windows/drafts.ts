// The person's drafts, kept in sync between their windows and stored with the account. Written to disk shortly after a
// change, and when the history is closed.

import type { Clock, Timer } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { isEveryone, personIn } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { draftChanged } from "../../protocol/api/conversation.ts";
import { checkName } from "../../protocol/names.ts";
import type { Views } from "./views.ts";
import type { Draft } from "../history/draft-store.ts";
import type { History } from "../history/history.ts";
import type { Engine } from "../engine/engine.ts";

const writeMs = 500;

export interface DraftsOptions {
  readonly engine: Engine;
  readonly views: Views;
  readonly clock: Clock;
  readonly log: Log;
}

export class Drafts {
  readonly #options: DraftsOptions;
  #timer: Timer | undefined;

  constructor(options: DraftsOptions) {
    this.#options = options;
  }

  get(conversation: ConversationId): ({ readonly ok: true } & Draft) | Failure {
    const { history } = this.#options.engine;
    if (history?.isOpen !== true) return notNow(history);
    return { ok: true, ...history.drafts.get(conversation) };
  }

  /** @param view the one in which it was written */
  set(
    conversation: ConversationId,
    text: string,
    view: number,
  ): { readonly ok: true; readonly revision: number } | Failure {
    const { engine, views, clock } = this.#options;
    if (engine.history?.isOpen !== true) return notNow(engine.history);
    const key = personIn(conversation);
    if (!isEveryone(conversation) && (key === undefined || !checkName(key).ok)) {
      return failure("bad_request", "There is no such conversation.");
    }
    const before = engine.history.drafts.get(conversation);
    if (before.text === text) return { ok: true, revision: before.revision };
    const revision = engine.history.drafts.set(conversation, text);
    views.broadcast(draftChanged, { conversation, text, revision }, view);
    this.#timer ??= clock.setTimer(writeMs, () => this.#write());
    return { ok: true, revision };
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** Writes the drafts. If that fails, nothing is lost yet: the text is in memory, and is written with the next change. */
  #write(): void {
    this.#timer = undefined;
    try {
      const { history } = this.#options.engine;
      if (history?.isOpen === true) history.drafts.flush();
    } catch (error) {
      this.#options.log.error("drafts not stored", { error: String(error) });
    }
  }
}

/** The history is being worked on and will be back in a moment; or there is none. */
function notNow(history: History | undefined): Failure {
  return history ? failure("busy") : failure("not_authenticated", "Sign in first.");
}
