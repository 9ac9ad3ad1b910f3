// Questions that wait for a person's consent: may somebody talk to them directly? Each question expires as a no, so nobody
// who is away agrees to anything. One per contact at a time and few in total, so that nobody can pile them up.

import type { Clock, Timer } from "../../base/clock.ts";
import type { ConsentRequest, QuestionAnswer } from "../../protocol/api/direct.ts";
import { limits } from "../../protocol/limits.ts";
import { keyOfName } from "../../protocol/names.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import { groupOf } from "./denials.ts";

/** A little less than the server waits, so that this person's yes does not arrive too late. */
const answerMs = limits.consentMs - 500;
const maxQuestions = 8;
/** The remaining slots are for people whom this person knows. */
const maxOfStrangers = 5;
/** Per address, from strangers. */
const maxFromOnePlace = 2;
/** From processes on this machine, which anybody may have started. */
const maxUnvouched = 2;

interface Pending {
  readonly question: ConsentRequest;
  readonly settle: (answer: QuestionAnswer) => void;
  readonly deadline: Timer;
}

export class ConsentRequests {
  readonly #clock: Clock;
  readonly #changed: (questions: ConsentRequest[]) => void;
  readonly #pending = new Map<string, Pending>();
  #nextId = 1;

  /** @param changed called with all open questions whenever they change */
  constructor(clock: Clock, changed: (questions: ConsentRequest[]) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  list(): ConsentRequest[] {
    return Array.from(this.#pending.values(), ({ question }) => question);
  }

  /**
   * Asks this person.
   * @param known whether this person knows them: some slots are not available to strangers
   * @returns the person's answer; `deny` after the timeout; undefined if too many questions are open
   */
  async ask(about: Omit<ConsentRequest, "id" | "expiresAtMs">, known = false): Promise<QuestionAnswer | undefined> {
    if (!this.#hasRoomFor(about, known)) return undefined;
    const id = String(this.#nextId++);
    const question = { ...about, id, expiresAtMs: Math.round(this.#clock.nowMs() + answerMs) };
    return await new Promise((settle) => {
      const deadline = this.#clock.setTimer(answerMs, () => this.answer(id, "deny"));
      this.#pending.set(id, { question, settle, deadline });
      this.#changed(this.list());
    });
  }

  /** Answers a question. @returns false if that question is no longer open */
  answer(id: string, answer: QuestionAnswer): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    this.#pending.delete(id);
    pending.deadline.dispose();
    pending.settle(answer);
    this.#changed(this.list());
    return true;
  }

  /**
   * Agrees once to an open question of that user, because this person is asking them. Only for the device that is known as
   * theirs.
   */
  agreeTo(user: string): void {
    const isMeant = ({ vouched, keyChanged, user: name }: ConsentRequest): boolean =>
      vouched && !keyChanged && keyOfName(name) === keyOfName(user);
    const asked = this.list().find(isMeant);
    if (asked) this.answer(asked.id, "once");
  }

  /** Denies all questions, because nobody is left to answer them. */
  denyAll(): void {
    for (const id of [...this.#pending.keys()]) this.answer(id, "deny");
  }

  /** Unvouched questions are counted separately, so they cannot keep the real person of that name from asking. */
  #hasRoomFor({ user, vouched, ip }: Pick<ConsentRequest, "user" | "vouched" | "ip">, known: boolean): boolean {
    const waiting = this.list();
    if (waiting.some((each) => keyOfName(each.user) === keyOfName(user) && each.vouched === vouched)) return false;
    const alike = waiting.filter((each) => each.vouched === vouched);
    if (!vouched) return alike.length < maxUnvouched;
    if (known) return alike.length < maxQuestions;
    const isThere = (each: ConsentRequest): boolean =>
      ip !== undefined && each.ip !== undefined && groupOf(each.ip) === groupOf(ip);
    const isCrowded = ip !== undefined && !isLoopback(ip) && alike.filter(isThere).length >= maxFromOnePlace;
    return alike.length < maxOfStrangers && !isCrowded;
  }
}
