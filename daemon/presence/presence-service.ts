// What others see of this person beside messages, and what this person sees of them: who is writing, what was read, and
// the own presence. All of it passes: nothing is queued, but the presence is said again after every connection.

import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Account, OwnPresence } from "../../protocol/api/model.ts";
import { conversationWith } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import { ownPresence } from "../../protocol/api/notifications.ts";
import { personTyping } from "../../protocol/conversations/kinds/typing.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import { presence } from "../../protocol/wire/people.ts";
import { signal } from "../../protocol/wire/messages.ts";
import type { PresenceState } from "../core/state.ts";
import type { Views } from "../windows/views.ts";
import { messageOf } from "../../base/error-message.ts";
import type { Preferences } from "../identity/preferences.ts";
import type { ServerLink } from "../connection/server-link.ts";
import type { Pulse } from "../lifetime/pulse.ts";
import type { Engine } from "../engine/engine.ts";

export interface PresenceServiceOptions {
  readonly preferences: Preferences;
  readonly engine: Engine;
  readonly views: Views;
  readonly clock: Clock;
  readonly pulse: Pick<Pulse, "follow">;
  readonly log: Log;
  /** The link of the present session. */
  link(): ServerLink | undefined;
  /** Says it on the direct link of that number. */
  readonly sendDirect: (link: number, params: ParamsOf<typeof signal>) => void;
  /** Names that account in the preferences. */
  readonly keyOf: (account: Account) => string;
  /** The own presence is another one now. */
  readonly onPresence: () => void;
}

interface WantedPresence {
  readonly state: PresenceState;
  readonly text?: string;
  /** Since 1970. */
  readonly untilMs?: number;
}

type Done = { readonly ok: true } | Failure;

/** At most one signal in this time, for each conversation. */
const typingMs = 3_000;
/** What comes faster than this from one person is one sign. */
const shownMs = 1_000;
/** Conversations that are remembered; a person writes in few at a time. */
const maxRemembered = 1_000;

export class PresenceService {
  readonly #options: PresenceServiceOptions;
  readonly #told = new Map<ConversationId, number>();
  readonly #shown = new Map<ConversationId, number>();
  /** Whose presence it is; undefined while nobody is signed in. */
  #account: string | undefined;

  constructor(options: PresenceServiceOptions) {
    this.#options = options;
    options.pulse.follow({ onBeat: () => this.#endPresence() });
    options.engine.execute({ kind: "tellRead", on: options.preferences.readMarks });
  }

  /** As the person last said it for this account; available while they never did. */
  get ownPresence(): OwnPresence {
    return this.#said ?? { state: "available" };
  }

  get #said(): OwnPresence | undefined {
    return this.#account === undefined ? undefined : this.#options.preferences.presenceOf(this.#account);
  }

  /** That account is the present one now, or (undefined) none is. */
  entered(account: Account | undefined): void {
    const { preferences, keyOf } = this.#options;
    const key = account && keyOf(account);
    if (key === this.#account) return;
    this.#account = key;
    if (key !== undefined) this.#keep(() => preferences.settleFormer(key));
    this.#endPresence();
    this.#say();
  }

  /** This person is writing there. Nobody is told where that is switched off, or cannot be. */
  typing(conversation: ConversationId): Done {
    const { engine, preferences, sendDirect } = this.#options;
    const contact = engine.state.contacts.get(conversation);
    if (!preferences.typing || !contact || contact.name === "" || contact.blocked) return { ok: true };
    const direct = engine.state.links.get(conversation);
    const link = this.#options.link();
    const reached = direct !== undefined || (link && engine.state.session.state === "connected");
    if (!reached || !this.#isDue(this.#told, conversation, typingMs)) return { ok: true };
    const params = { to: contact.name, kind: "typing" } as const;
    if (direct === undefined) void link?.request(signal, params);
    else sendDirect(direct, params);
    return { ok: true };
  }

  /** That person is writing to this one. */
  othersTyping(name: string): void {
    const { engine, views } = this.#options;
    const conversation = conversationWith(name);
    const contact = engine.state.contacts.get(conversation);
    if (!contact || contact.blocked || !this.#isDue(this.#shown, conversation, shownMs)) return;
    views.broadcast(personTyping, { conversation });
  }

  setSignals(wanted: { readonly typing: boolean; readonly readMarks: boolean }): Done {
    const { preferences, engine } = this.#options;
    const { typing, readMarks } = wanted;
    const kept = this.#keep(() => preferences.change({ typing, readMarks }));
    return kept.ok ? engine.execute({ kind: "tellRead", on: readMarks }) : kept;
  }

  /** Kept, told to every window, and to the server now if it can be reached. */
  async setPresence({ state, text, untilMs }: WantedPresence): Promise<Done> {
    const { preferences, engine, clock } = this.#options;
    if (state === "offline") {
      return failure("bad_request", "Choose available, away or do not disturb; signing out is what makes you offline.");
    }
    if (untilMs !== undefined && untilMs <= clock.nowMs()) return failure("bad_request", "That time is over already.");
    const account = this.#account;
    if (account === undefined) return failure("not_authenticated", "Sign in first.");
    const own: OwnPresence = { state, ...(text !== undefined && { text }), ...(untilMs !== undefined && { untilMs }) };
    const kept = this.#keep(() => preferences.setPresence(account, own));
    if (!kept.ok) return kept;
    this.#say();
    if (engine.state.session.state !== "connected") return kept;
    const link = this.#options.link();
    return (link && (await this.#tell(link))) ?? kept;
  }

  /** After every connection. */
  connected(link: ServerLink): void {
    this.#told.clear();
    this.#endPresence();
    void this.#tell(link);
  }

  /** What was said for a while is over with that time, also where no daemon ran at the end of it. */
  #endPresence(): void {
    const { clock, engine } = this.#options;
    const untilMs = this.#said?.untilMs;
    if (untilMs === undefined || untilMs > clock.nowMs() || this.#account === undefined) return;
    const account = this.#account;
    if (!this.#keep(() => this.#options.preferences.setPresence(account, { state: "available" })).ok) return;
    this.#say();
    const link = this.#options.link();
    if (link && engine.state.session.state === "connected") void this.#tell(link);
  }

  /** To this person's windows. */
  #say(): void {
    const { engine, views, onPresence } = this.#options;
    const own = this.ownPresence;
    engine.execute({ kind: "undisturbed", on: own.state === "dnd" });
    views.broadcast(ownPresence, own);
    onPresence();
  }

  async #tell(link: ServerLink): Promise<Done | undefined> {
    const own = this.#said;
    if (!own) return undefined;
    const { state, text } = own;
    const answer = await link.request(presence, { state, ...(text !== undefined && { text }) });
    return answer?.ok === false ? answer : undefined;
  }

  #keep(change: () => void): Done {
    try {
      change();
      return { ok: true };
    } catch (error) {
      const why = messageOf(error);
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
