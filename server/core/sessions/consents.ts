// Asking a person whether somebody may talk to them directly [P-6.3]: one push, one answer, and a no after 30 s. The same
// question asked again while it is open waits for the same answer, a no holds for a while [P-6.12], and few questions are
// open at once [P-6.13], so that nobody can pile up prompts.

import { encodeFrame } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { addressGroup } from "../limits/address-group.ts";
import { BoundedPairs } from "./bounded-pairs.ts";
import type { PushChannel } from "../delivery/push-channel.ts";
import { Denials } from "./denials.ts";
import type { Refused } from "./denials.ts";
import type { Clock } from "../ports.ts";
import { hasPlace } from "./consent-places.ts";
import type { Place } from "./consent-places.ts";
import { channelOf } from "./session.ts";
import type { Session, SessionLink } from "./session.ts";

/** `unanswered`: nobody said yes or no in time. `crowded`: too many ask that person. `held`: a refusal of before holds. */
export type Consent =
  | { readonly kind: "granted" | Refused | "offline" | "crowded" }
  | { readonly kind: "held"; readonly refused: Refused; readonly leftMs: number };

/** A client answers no by itself a little before the time is over. */
const lateMs = 1_000;
/** So soon after an address was given, the other's client asks back by itself; a no to that was not a person's. */
const askBackMs = 10_000;

interface OpenConsent extends Place {
  readonly id: number;
  readonly target: number;
  readonly asker: number;
  readonly askedMs: number;
  /** The channel that carried it: a link, or connections to the port that the client named. */
  readonly channel: PushChannel;
  /** For a client that answers without id: its position among the pushes on its link [P-2.2]. */
  readonly order: number;
  readonly waiting: ((consent: Consent) => void)[];
}

export interface ConsentContext {
  readonly clock: Clock;
  nextPushId(): number;
  /** Many people share that address. */
  isShared(address: string): boolean;
}

export class Consents {
  readonly #context: ConsentContext;
  readonly #questions = new Map<number, OpenConsent>();
  /** Finds answers without id, so that one does not cost as much as all open questions. */
  readonly #byChannel = new Map<PushChannel, Set<OpenConsent>>();
  readonly #byPair = new Map<string, OpenConsent>();
  readonly #byTarget = new Map<number, Set<OpenConsent>>();
  readonly #denials = new Denials();
  /** Whom somebody knows: they wrote to them, asked for them or agreed to them since the server started. When they agreed. */
  readonly #acquaintances = new BoundedPairs<number>({ owners: 10_000, others: 64 });

  constructor(context: ConsentContext) {
    this.#context = context;
  }

  /** That person wrote to the other one: they know them. */
  wrote(person: number, other: number): void {
    // Anew each time: the latest are kept.
    this.#acquaintances.set(person, other, this.#acquaintances.get(person, other) ?? -Infinity);
  }

  /** @param done called once, at the latest after 30 s */
  ask(target: Session, asker: Session, done: (consent: Consent) => void): void {
    const nowMs = this.#context.clock.monotonicMs();
    const people = { target: target.account.id, asker: asker.account.id };
    // Whoever asks for somebody wants to talk to them: no no of before holds against these.
    this.wrote(people.asker, people.target);
    this.#denials.forget(people.asker, people.target);
    const open = this.#byPair.get(pairOf(target.account.id, asker.account.id));
    if (open) {
      open.waiting.push(done);
      return;
    }
    const channel = channelOf(target);
    const place = this.#placeOf(target, asker);
    const held = this.#denials.held(people.target, people.asker, nowMs);
    if (held) done({ kind: "held", ...held });
    else if (!channel) done({ kind: "offline" });
    else if (!hasPlace([...(this.#byTarget.get(people.target) ?? [])], place)) done({ kind: "crowded" });
    else {
      const id = this.#context.nextPushId();
      channel.question(id, encodeFrame({ type: "request", ...introduction(asker), id }));
      const order = target.link?.pushes ?? 0;
      this.#open({ id, ...people, ...place, askedMs: nowMs, channel, order, waiting: [done] });
    }
  }

  /** Takes an answer with id. @returns whether it answered a question */
  answered(target: number, id: number, granted: boolean): boolean {
    const question = this.#questions.get(id);
    if (question?.target !== target) return false;
    this.#close(question, granted ? "granted" : this.#no(question));
    return true;
  }

  /** Takes the `order`th answer without id on that link. */
  answeredInOrder(link: SessionLink, order: number, granted: boolean): void {
    for (const question of this.#byChannel.get(link) ?? []) {
      if (question.order === order) this.#close(question, granted ? "granted" : this.#no(question));
    }
  }

  /** That session ended. */
  gone(target: number): void {
    for (const question of this.#byTarget.get(target) ?? []) this.#close(question, "offline");
  }

  /** Nobody listens at the port to which that question was sent. */
  unreached(id: number): void {
    const question = this.#questions.get(id);
    if (question) this.#close(question, "offline");
  }

  /** That channel is closed: questions that were asked on it get no answer any more, and are asked again next time. */
  lost(channel: PushChannel): void {
    for (const question of this.#byChannel.get(channel) ?? []) this.#close(question, "offline");
  }

  /** The server stops: nobody will answer any more. */
  close(): void {
    for (const question of this.#questions.values()) this.#close(question, "offline");
  }

  sweep(nowMs: number): void {
    for (const question of this.#questions.values()) {
      if (nowMs - question.askedMs >= limits.consentMs) this.#close(question, "unanswered");
    }
  }

  #placeOf(target: Session, { account, grant }: Session): Place {
    const isKnown = this.#acquaintances.get(target.account.id, account.id) !== undefined;
    return { isKnown, group: this.#context.isShared(grant.address) ? undefined : addressGroup(grant.address) };
  }

  #no({ askedMs }: OpenConsent): Refused {
    const isLate = this.#context.clock.monotonicMs() - askedMs >= limits.consentMs - lateMs;
    return isLate ? "unanswered" : "denied";
  }

  #open(question: OpenConsent): void {
    const { id, channel, target, asker } = question;
    this.#questions.set(id, question);
    this.#byPair.set(pairOf(target, asker), question);
    addTo(this.#byChannel, channel, question);
    addTo(this.#byTarget, target, question);
  }

  #close(question: OpenConsent, kind: "granted" | Refused | "offline"): void {
    const { id, channel, target, asker } = question;
    this.#questions.delete(id);
    this.#byPair.delete(pairOf(target, asker));
    removeFrom(this.#byChannel, channel, question);
    removeFrom(this.#byTarget, target, question);
    question.channel.withdraw(question.id);
    this.#remember(question, kind);
    for (const done of question.waiting) done({ kind });
  }

  #remember({ target, asker }: OpenConsent, kind: "granted" | Refused | "offline"): void {
    const nowMs = this.#context.clock.monotonicMs();
    if (kind === "granted") {
      this.#denials.forget(target, asker);
      this.#acquaintances.set(target, asker, nowMs);
    } else if (kind !== "offline") {
      const isAskBack = nowMs - (this.#acquaintances.get(asker, target) ?? -Infinity) < askBackMs;
      if (isAskBack) this.#acquaintances.set(asker, target, -Infinity);
      else this.#denials.add(target, asker, kind, nowMs);
    }
  }
}

function addTo<Key>(index: Map<Key, Set<OpenConsent>>, key: Key, question: OpenConsent): void {
  const questions = index.get(key);
  if (questions) questions.add(question);
  else index.set(key, new Set([question]));
}

function removeFrom<Key>(index: Map<Key, Set<OpenConsent>>, key: Key, question: OpenConsent): void {
  const questions = index.get(key);
  questions?.delete(question);
  if (questions?.size === 0) index.delete(key);
}

function pairOf(target: number, asker: number): string {
  return `${target} ${asker}`;
}

/** Who asks, as far as the server knows: the key is one that was proven, never one that was only claimed. */
function introduction({ account, deviceKey, grant }: Session): object {
  return { from: account.name, account: account.publicId, key: deviceKey, ip: grant.address };
}
