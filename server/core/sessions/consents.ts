// Asks a person whether somebody may talk to them directly [P-6.3]: one push, one answer, and a no after 30 s. The same
// question asked again while it is open waits for the same answer, so that nobody can pile up prompts.

import { encodeFrame } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { PushChannel } from "../delivery/push-channel.ts";
import type { Clock } from "../ports.ts";
import { channelOf } from "./session.ts";
import type { Session, SessionLink } from "./session.ts";

/** `unanswered`: nobody said yes or no in time. */
export type Consent = "granted" | "denied" | "unanswered" | "offline";

/** A client answers no by itself a little before the time is over. */
const lateMs = 1_000;

interface OpenConsent {
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
}

export class Consents {
  readonly #context: ConsentContext;
  readonly #questions = new Map<number, OpenConsent>();
  /** Finds answers without id, so that one does not cost as much as all open questions. */
  readonly #byChannel = new Map<PushChannel, Set<OpenConsent>>();
  readonly #byPair = new Map<string, OpenConsent>();

  constructor(context: ConsentContext) {
    this.#context = context;
  }

  /** @param done called once, at the latest after 30 s */
  ask(target: Session, asker: Session, done: (consent: Consent) => void): void {
    const open = this.#byPair.get(pairOf(target.account.id, asker.account.id));
    if (open) {
      open.waiting.push(done);
      return;
    }
    const channel = channelOf(target);
    if (!channel) {
      done("offline");
      return;
    }
    const id = this.#context.nextPushId();
    channel.question(id, encodeFrame({ type: "request", ...introduction(asker), id }));
    const people = { target: target.account.id, asker: asker.account.id };
    const askedMs = this.#context.clock.monotonicMs();
    this.#open({ id, ...people, askedMs, channel, order: target.link?.pushes ?? 0, waiting: [done] });
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
    for (const question of this.#questions.values()) {
      if (question.target === target) this.#close(question, "offline");
    }
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

  #no({ askedMs }: OpenConsent): Consent {
    const isLate = this.#context.clock.monotonicMs() - askedMs >= limits.consentMs - lateMs;
    return isLate ? "unanswered" : "denied";
  }

  #open(question: OpenConsent): void {
    const { id, channel, target, asker } = question;
    this.#questions.set(id, question);
    this.#byPair.set(pairOf(target, asker), question);
    const onChannel = this.#byChannel.get(channel);
    if (onChannel) onChannel.add(question);
    else this.#byChannel.set(channel, new Set([question]));
  }

  #close(question: OpenConsent, consent: Consent): void {
    const { id, channel, target, asker } = question;
    this.#questions.delete(id);
    this.#byPair.delete(pairOf(target, asker));
    const onChannel = this.#byChannel.get(channel);
    onChannel?.delete(question);
    if (onChannel?.size === 0) this.#byChannel.delete(channel);
    question.channel.withdraw(question.id);
    for (const done of question.waiting) done(consent);
  }
}

function pairOf(target: number, asker: number): string {
  return `${target} ${asker}`;
}

/** Who asks, as far as the server knows: the key is one that was proven, never one that was only claimed. */
function introduction({ account, deviceKey, grant }: Session): object {
  return { from: account.name, account: account.publicId, key: deviceKey, ip: grant.address };
}
