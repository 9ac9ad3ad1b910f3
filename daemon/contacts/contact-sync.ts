// Keeps the contacts in sync with the server: the directory and the block list after every connection, single names when
// they first appear, and the server's pushes about people.

import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Contact } from "../../protocol/api/model.ts";
import { conversationWith } from "../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../protocol/conversations/conversation-id.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import { offlinePush, requestPush } from "../../protocol/wire/direct.ts";
import { block, invite, presencePush, unblock } from "../../protocol/wire/people.ts";
import { messagePush, outcomePush, signalPush } from "../../protocol/wire/messages.ts";
import { checkName, keyOfName } from "../../protocol/names.ts";
import type { Pin } from "../../protocol/pin.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Schema } from "../../protocol/validate.ts";
import { isShown } from "../core/contact-views.ts";
import type { PersonSeen } from "../core/inputs.ts";
import { lookUp, readBlockList, readDirectory, readOnline } from "./directory-requests.ts";
import type { Push } from "../connection/line-client.ts";
import type { ServerLink } from "../connection/server-link.ts";
import type { Engine } from "../engine/engine.ts";

export interface ContactSyncOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  /** The link of the current session. */
  link(): ServerLink | undefined;
  /** Called if somebody asks to talk directly. The answer is sent later. */
  onRequest(push: Push): void;
  /** Called if somebody is writing to this person. */
  onTyping(from: string): void;
}

export class ContactSync {
  readonly #options: ContactSyncOptions;
  readonly #lookedUp = new Set<string>();
  /** The people listed in the directory that is being read, and those reported meanwhile. */
  #listed = new Set<ConversationId>();
  /** People blocked (then the name) or unblocked while the block list is being read: earlier pages do not include that. */
  #blocking = new Map<UserKey, string | undefined>();

  constructor(options: ContactSyncOptions) {
    this.#options = options;
  }

  /** Reads everything again after a connection. Changes arrive as pushes meanwhile and are newer than their page. */
  async refresh(link: ServerLink): Promise<void> {
    const { engine, clock, log } = this.#options;
    this.#lookedUp.clear();
    const blocking = new Map<UserKey, string | undefined>();
    this.#blocking = blocking;
    await readBlockList(link, (names) => {
      if (!this.#isCurrent(link)) return;
      const others = names.filter((name) => !blocking.has(keyOfName(name)));
      const blocked = [...blocking.values()].filter((name) => name !== undefined);
      engine.dispatch({ kind: "blockList", names: [...others, ...blocked] });
    });
    const listed = new Set<ConversationId>();
    this.#listed = listed;
    const whole = await readDirectory(link, clock, (people, last) => {
      if (!this.#isCurrent(link)) return;
      this.#applySeen(people);
      // At once: people who appear after the last page must not count as missing from it.
      if (last) engine.dispatch({ kind: "directoryRead", listed });
    });
    if (!whole) log.info("directory not read to its end");
  }

  /** Looks up a name that the directory has not shown, once per connection. */
  async turnedUp(name: string): Promise<void> {
    const key = keyOfName(name);
    if (!this.#options.link() || this.#lookedUp.has(key)) return;
    this.#lookedUp.add(key);
    await this.look(name);
  }

  /** Asks the server about that name. */
  async look(name: string): Promise<void> {
    const link = this.#options.link();
    if (!link) return;
    await lookUp(link, name, (person) => {
      if (this.#isCurrent(link)) this.#applySeen([person]);
    });
  }

  /** Returns the contact of that name. Asks the server if it can be reached and the contact is not shown yet. */
  async find(name: string): Promise<{ readonly ok: true; readonly contact: Contact } | Failure> {
    const { engine } = this.#options;
    const { me, session } = engine.state;
    if (!me) return failure("not_authenticated", "Sign in first.");
    const link = this.#options.link();
    let spelling = name.trim();
    const checked = checkName(spelling);
    if (!checked.ok) return failure("bad_name", checked.reason);
    const known = engine.state.contacts.get(conversationWith(spelling));
    if (link && session.state === "connected" && !(known && isShown(known))) {
      const found = await lookUp(link, spelling, (person) => {
        if (this.#isCurrent(link)) this.#applySeen([person]);
      });
      const self = keyOfName(spelling) === me.key;
      if (found?.ok === false && !self) return found;
      if (found?.ok === true) spelling = found.person.name;
    }
    const outcome = engine.execute({ kind: "contact", name: spelling });
    if (!outcome.ok) return outcome;
    return outcome.contact ? { ok: true, contact: outcome.contact } : failure("internal");
  }

  /** Blocks at the server, then here, in the order of the server's answers, like the block list. */
  async setBlocked(user: string, blocked: boolean): Promise<{ readonly ok: true } | Failure> {
    const { engine } = this.#options;
    const checked = checkName(user);
    if (!checked.ok) return failure("bad_name", checked.reason);
    if (checked.key === engine.state.me?.key) return failure("bad_request", "That is you. Name somebody else.");
    const link = this.#options.link();
    const refused: Failure[] = [];
    const answer = await link?.request(blocked ? block : unblock, { target: user }, (read) => {
      if (!read.ok || !this.#isCurrent(link)) return;
      const known = engine.state.contacts.get(conversationWith(user));
      const outcome = engine.execute({ kind: "blocked", name: known?.name ?? user, blocked });
      if (!outcome.ok) refused.push(outcome);
      this.#blocking.set(checked.key, blocked ? (known?.name ?? user) : undefined);
    });
    if (!answer) return this.#notConnected();
    if (!answer.ok) return answer;
    return refused[0] ?? { ok: true };
  }

  /** Creates an invitation for somebody who has no account. */
  async invite(params: ParamsOf<typeof invite>) {
    return (await this.#options.link()?.request(invite, params)) ?? this.#notConnected();
  }

  async online(): Promise<{ readonly ok: true; readonly users: string[] } | Failure> {
    const link = this.#options.link();
    return (link && (await readOnline(link))) ?? this.#notConnected();
  }

  /** Handles a request of the server, or of a peer on the direct link with that key [P-6]. */
  pushed(push: Push, pin?: Pin): void {
    const { engine, log } = this.#options;
    const via = pin === undefined ? {} : { via: pin };
    switch (push.type) {
      case messagePush.type:
        this.#read(push, messagePush.params, (message) => {
          engine.receive({ ...message, ...via, mid: message.mid ?? randomUUID() }, () => push.accept());
        });
        return;
      case presencePush.type:
        this.#read(push, presencePush.params, ({ from, ...seen }) => {
          this.#applySeen([{ name: from, ...seen }]);
          push.accept();
        });
        return;
      case offlinePush.type:
        this.#read(push, offlinePush.params, ({ from }) => {
          engine.dispatch({ kind: "people", people: [{ name: from, state: "offline" }] });
          push.accept();
        });
        return;
      case signalPush.type:
        this.#read(push, signalPush.params, ({ from, kind, upto }) => {
          if (kind === "typing") this.#options.onTyping(from);
          else if (upto !== undefined) engine.dispatch({ kind: "read", from, upTo: upto, ...via });
          push.accept();
        });
        return;
      case outcomePush.type:
        this.#read(push, outcomePush.params, ({ to, mid, state }) => {
          engine.outcome({ to, mid, state }, () => push.accept());
        });
        return;
      case requestPush.type:
        this.#options.onRequest(push);
        return;
      default:
        log.info("unknown push", { type: push.type.slice(0, 64) });
        push.refuse(failure("unknown_type", "This client does not know that request."));
    }
  }

  #applySeen(people: readonly PersonSeen[]): void {
    for (const { name } of people) this.#listed.add(conversationWith(name));
    this.#options.engine.dispatch({ kind: "people", people });
  }

  #read<T extends { readonly from: string } | { readonly to: string }>(
    push: Push,
    schema: Schema<T>,
    use: (params: T) => void,
  ): void {
    const params = schema.read(push.body, "");
    const why = params instanceof Invalid ? params.reason : troubleOfName(params);
    if (!(params instanceof Invalid) && why === undefined) {
      use(params);
      return;
    }
    this.#options.log.warn("push refused", { type: push.type, why });
    push.refuse(failure("bad_request", `${why ?? "that"}.`));
  }

  #isCurrent(link: ServerLink): boolean {
    return this.#options.link() === link;
  }

  #notConnected(): Failure {
    const { session } = this.#options.engine.state;
    if (session.state === "signedOut") return failure("not_authenticated", "Sign in first.");
    return failure("unavailable", "The server cannot be reached now. Try again when there is a connection.");
  }
}

/** Checks the name: the key of an invalid name may be longer than anything that can be stored. */
function troubleOfName(params: { readonly from: string } | { readonly to: string }): string | undefined {
  if ("from" in params) return checkName(params.from).ok ? undefined : "from is no user name";
  return checkName(params.to).ok ? undefined : "to is no user name";
}
