// What waits for a person's word: may somebody talk to them directly? Each question ends by itself as a no, so nobody who
// is away agrees to anything. One at a time for each contact and few in total, so that nobody can pile them up; after a no
// the same source waits (`patience.ts`).

import type { Clock, Timer } from "../../base/clock.ts";
import type { Question, QuestionAnswer } from "../../protocol/editor/direct.ts";
import { limits } from "../../protocol/limits.ts";
import { keyOfName } from "../../protocol/names.ts";
import { Patience } from "./patience.ts";

/** A little less than the server waits: the person's yes must not come too late for it. */
const answerMs = limits.consentMs - 500;
const maxQuestions = 8;
/** Of those that anybody on this machine may have caused. */
const maxUnvouched = 2;

interface Pending {
  readonly question: Question;
  readonly settle: (answer: QuestionAnswer) => void;
  readonly deadline: Timer;
}

export class Questions {
  readonly #clock: Clock;
  readonly #changed: (questions: Question[]) => void;
  readonly #pending = new Map<string, Pending>();
  readonly #patience: Patience;
  #nextId = 1;

  /** @param changed told of all that wait, whenever that changes */
  constructor(clock: Clock, changed: (questions: Question[]) => void) {
    this.#clock = clock;
    this.#changed = changed;
    this.#patience = new Patience(clock);
  }

  list(): Question[] {
    return Array.from(this.#pending.values(), ({ question }) => question);
  }

  /** @returns the person's answer; `deny` after the time, or at once where too many wait or the person said no lately */
  async ask(about: Omit<Question, "id" | "expiresAtMs">): Promise<QuestionAnswer> {
    if (this.#patience.isOver(sourceOf(about)) || !this.#hasRoomFor(about)) return "deny";
    const id = String(this.#nextId++);
    const question = { ...about, id, expiresAtMs: Math.round(this.#clock.nowMs() + answerMs) };
    return await new Promise((settle) => {
      const deadline = this.#clock.setTimer(answerMs, () => this.#settle(id, "deny"));
      this.#pending.set(id, { question, settle, deadline });
      this.#changed(this.list());
    });
  }

  /** The person's word. @returns false where that question is gone */
  answer(id: string, answer: QuestionAnswer): boolean {
    const question = this.#settle(id, answer);
    if (!question) return false;
    if (answer === "deny" || answer === "block") this.#patience.refused(sourceOf(question));
    else this.#patience.forgive(sourceOf(question));
    return true;
  }

  /** This person asks them, which is a yes for once to what they asked, by the device that is known as theirs. */
  agreeTo(user: string): void {
    const isMeant = ({ vouched, keyChanged, user: name }: Question): boolean =>
      vouched && !keyChanged && keyOfName(name) === keyOfName(user);
    const asked = this.list().find(isMeant);
    if (asked) this.answer(asked.id, "once");
    this.#patience.forgive(sourceOf({ user, vouched: true }));
  }

  /** Nobody is there to answer any more. */
  denyAll(): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, "deny");
  }

  /** @returns the question; undefined where it is gone */
  #settle(id: string, answer: QuestionAnswer): Question | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    pending.deadline.dispose();
    pending.settle(answer);
    this.#changed(this.list());
    return pending.question;
  }

  /** Somebody unvouched must not be able to keep the person of that name from asking. */
  #hasRoomFor({ user, vouched }: Pick<Question, "user" | "vouched">): boolean {
    const waiting = this.list();
    if (waiting.some((each) => keyOfName(each.user) === keyOfName(user) && each.vouched === vouched)) return false;
    const alike = waiting.filter((each) => each.vouched === vouched);
    return alike.length < (vouched ? maxQuestions : maxUnvouched);
  }
}

/** Whoever is on this machine may give any name, so all of them are one. */
function sourceOf({ user, vouched }: Pick<Question, "user" | "vouched">): string {
  return vouched ? `user ${keyOfName(user)}` : "this machine";
}
