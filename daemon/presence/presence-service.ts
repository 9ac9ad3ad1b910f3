// What others see of this person besides messages, and what this person sees of them: typing, read marks, and the own
// presence. All of it is ephemeral: nothing is queued, but the presence is sent again after every connection.

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
  /** The link of the current session. */
  link(): ServerLink | undefined;
  /** Sends it on the direct link with that id. */
  readonly sendDirect: (link: number, params: ParamsOf<typeof signal>) => void;
  /** The key of that account in the preferences. */
  readonly keyOf: (account: Account) => string;
  /** Called when the own presence has changed. */
  readonly onPresence: () => void;
}

interface WantedPresence {
  readonly state: PresenceState;
  readonly text?: string;
  /** Milliseconds since 1970. */
  readonly untilMs?: number;
}

type Done = { readonly ok: true } | Failure;

/** At most one typing signal per conversation in this time. */
const typingMs = 3_000;
/** Signals from one person that arrive faster than this count as one. */
const shownMs = 1_000;
/** Conversations that are remembered. A person writes in few at a time. */
const maxRemembered = 1_000;

export class PresenceService {
  readonly #options: PresenceServiceOptions;
  readonly #typingSentMs = new Map<ConversationId, number>();
  readonly #typingShownMs = new Map<ConversationId, number>();
  /** The account whose presence this is; undefined while nobody is signed in. */
  #account: string | undefined;

  constructor(options: PresenceServiceOptions) {
    this.#options = options;
    options.pulse.follow({ onBeat: () => this.#endPresence() });
    options.engine.execute({ kind: "tellRead", on: options.preferences.readMarks });
  }

  /** The presence that the person last set for this account; available if they never set one. */
  get ownPresence(): OwnPresence {
    return this.#storedPresence ?? { state: "available" };
  }

  get #storedPresence(): OwnPresence | undefined {
    return this.#account === undefined ? undefined : this.#options.preferences.presenceOf(this.#account);
  }

  /** Makes that account the current one, or none (undefined). */
  entered(account: Account | undefined): void {
    const { preferences, keyOf } = this.#options;
    const key = account && keyOf(account);
    if (key === this.#account) return;
    this.#account = key;
    if (key !== undefined) this.#store(() => preferences.settleFormer(key));
    this.#endPresence();
    this.#publish();
  }

  /** This person is writing there. Nothing is sent if that is switched off or not possible. */
  typing(conversation: ConversationId): Done {
    const { engine, preferences, sendDirect } = this.#options;
    const contact = engine.state.contacts.get(conversation);
    if (!preferences.typing || !contact || contact.name === "" || contact.blocked) return { ok: true };
    const direct = engine.state.links.get(conversation);
    const link = this.#options.link();
    const reached = direct !== undefined || (link && engine.state.session.state === "connected");
    if (!reached || !this.#isDue(this.#typingSentMs, conversation, typingMs)) return { ok: true };
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
    if (!contact || contact.blocked || !this.#isDue(this.#typingShownMs, conversation, shownMs)) return;
    views.broadcast(personTyping, { conversation });
  }

  setSignals(wanted: { readonly typing: boolean; readonly readMarks: boolean }): Done {
    const { preferences, engine } = this.#options;
    const { typing, readMarks } = wanted;
    const kept = this.#store(() => preferences.change({ typing, readMarks }));
    return kept.ok ? engine.execute({ kind: "tellRead", on: readMarks }) : kept;
  }

  /** Stores the presence and sends it to every window, and to the server if it can be reached now. */
  async setPresence({ state, text, untilMs }: WantedPresence): Promise<Done> {
    const { preferences, engine, clock } = this.#options;
    if (state === "offline") {
      return failure("bad_request", "Choose available, away or do not disturb; signing out is what makes you offline.");
    }
    if (untilMs !== undefined && untilMs <= clock.nowMs()) return failure("bad_request", "That time is over already.");
    const account = this.#account;
    if (account === undefined) return failure("not_authenticated", "Sign in first.");
    const own: OwnPresence = { state, ...(text !== undefined && { text }), ...(untilMs !== undefined && { untilMs }) };
    const kept = this.#store(() => preferences.setPresence(account, own));
    if (!kept.ok) return kept;
    this.#publish();
    if (engine.state.session.state !== "connected") return kept;
    const link = this.#options.link();
    return (link && (await this.#sendPresence(link))) ?? kept;
  }

  /** Sends the presence after a connection. */
  connected(link: ServerLink): void {
    this.#typingSentMs.clear();
    this.#endPresence();
    void this.#sendPresence(link);
  }

  /** Ends a presence whose time is over, even if no daemon was running at that time. */
  #endPresence(): void {
    const { clock, engine } = this.#options;
    const untilMs = this.#storedPresence?.untilMs;
    if (untilMs === undefined || untilMs > clock.nowMs() || this.#account === undefined) return;
    const account = this.#account;
    if (!this.#store(() => this.#options.preferences.setPresence(account, { state: "available" })).ok) return;
    this.#publish();
    const link = this.#options.link();
    if (link && engine.state.session.state === "connected") void this.#sendPresence(link);
  }

  /** Sends it to this person's windows. */
  #publish(): void {
    const { engine, views, onPresence } = this.#options;
    const own = this.ownPresence;
    engine.execute({ kind: "doNotDisturb", on: own.state === "dnd" });
    views.broadcast(ownPresence, own);
    onPresence();
  }

  async #sendPresence(link: ServerLink): Promise<Done | undefined> {
    const own = this.#storedPresence;
    if (!own) return undefined;
    const { state, text } = own;
    const answer = await link.request(presence, { state, ...(text !== undefined && { text }) });
    return answer?.ok === false ? answer : undefined;
  }

  #store(change: () => void): Done {
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
