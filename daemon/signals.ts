// What others see of this person beside messages, and what this person sees of them: who is writing, what was read, and
// the own presence. All of it passes: nothing is queued, but the presence is said again after every connection.

import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { failure } from "../protocol/errors.ts";
import type { Failure } from "../protocol/errors.ts";
import type { ConversationId } from "../protocol/editor/model.ts";
import { personTyping } from "../protocol/editor/talk.ts";
import type { ParamsOf } from "../protocol/messages/declare.ts";
import { presence } from "../protocol/messages/people.ts";
import { signal } from "../protocol/messages/talk.ts";
import { conversationWith } from "./core/state.ts";
import type { Views } from "./editor/views.ts";
import type { OwnPresence, Preferences } from "./identity/preferences.ts";
import type { ServerLink } from "./link/server-link.ts";
import type { Runner } from "./runner.ts";

export interface SignalsOptions {
  readonly preferences: Preferences;
  readonly runner: Runner;
  readonly views: Views;
  readonly clock: Clock;
  readonly log: Log;
  /** The link of the present session. */
  link(): ServerLink | undefined;
  /** Says it on the direct link of that number. */
  readonly sendDirect: (link: number, params: ParamsOf<typeof signal>) => void;
}

type Done = { readonly ok: true } | Failure;

/** At most one signal in this time, for each conversation. */
const typingMs = 3_000;
/** What comes faster than this from one person is one sign. */
const shownMs = 1_000;
/** Conversations that are remembered; a person writes in few at a time. */
const maxRemembered = 1_000;

export class Signals {
  readonly #options: SignalsOptions;
  readonly #told = new Map<ConversationId, number>();
  readonly #shown = new Map<ConversationId, number>();

  constructor(options: SignalsOptions) {
    this.#options = options;
    options.runner.command({ kind: "tellRead", on: options.preferences.readMarks });
  }

  /** This person is writing there. Nobody is told where that is switched off, or cannot be. */
  typing(conversation: ConversationId): Done {
    const { runner, preferences, sendDirect } = this.#options;
    const contact = runner.state.contacts.get(conversation);
    if (!preferences.typing || !contact || contact.name === "" || contact.blocked) return { ok: true };
    const direct = runner.state.links.get(conversation);
    const link = this.#options.link();
    const reached = direct !== undefined || (link && runner.state.session.state === "connected");
    if (!reached || !this.#isDue(this.#told, conversation, typingMs)) return { ok: true };
    const params = { to: contact.name, kind: "typing" } as const;
    if (direct === undefined) void link?.request(signal, params);
    else sendDirect(direct, params);
    return { ok: true };
  }

  /** That person is writing to this one. */
  othersTyping(name: string): void {
    const { runner, views } = this.#options;
    const conversation = conversationWith(name);
    const contact = runner.state.contacts.get(conversation);
    if (!contact || contact.blocked || !this.#isDue(this.#shown, conversation, shownMs)) return;
    views.broadcast(personTyping, { conversation });
  }

  setSignals(wanted: { readonly typing: boolean; readonly readMarks: boolean }): Done {
    const { preferences, runner } = this.#options;
    const { typing, readMarks } = wanted;
    const kept = this.#keep(() => preferences.change({ typing, readMarks }));
    return kept.ok ? runner.command({ kind: "tellRead", on: readMarks }) : kept;
  }

  /** Kept, and told to the server now if it can be reached. */
  async setPresence(wanted: OwnPresence): Promise<Done> {
    const { preferences, runner } = this.#options;
    if (wanted.state === "offline") {
      return failure("bad_request", "Choose available, away or do not disturb; signing out is what makes you offline.");
    }
    const kept = this.#keep(() => preferences.change({ presence: wanted }));
    if (!kept.ok || runner.state.session.state !== "connected") return kept;
    const link = this.#options.link();
    return (link && (await this.#tell(link))) ?? kept;
  }

  /** After every connection. */
  connected(link: ServerLink): void {
    this.#told.clear();
    void this.#tell(link);
  }

  async #tell(link: ServerLink): Promise<Done | undefined> {
    const own = this.#options.preferences.presence;
    if (!own || own.state === "offline") return undefined;
    const { state, text } = own;
    const answer = await link.request(presence, { state, ...(text === undefined ? {} : { text }) });
    return answer?.ok === false ? answer : undefined;
  }

  #keep(change: () => void): Done {
    try {
      change();
      return { ok: true };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log.error("preferences not stored", { error: why });
      return failure("unavailable", `That cannot be stored on this machine: ${why}.`);
    }
  }

  #isDue(times: Map<ConversationId, number>, conversation: ConversationId, everyMs: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const before = times.get(conversation);
    if (before !== undefined && nowMs - before < everyMs) return false;
    if (times.size >= maxRemembered) times.clear();
    times.set(conversation, nowMs);
    return true;
  }
}
