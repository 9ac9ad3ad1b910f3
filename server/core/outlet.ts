// A way by which pushes reach one session: its open link, or (for a client that left none open) connections to the port it
// named, one push at a time and in order [P-6]; questions to a person go beside them, each on its own, because an answer may
// take 30 s. Lanes and presence use either without knowing which.

import type { JsonObject } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Dialler } from "./ports.ts";

export interface Outlet {
  /** The client acknowledges `message` pushes [P-5.1]. */
  readonly acks: boolean;
  /** A refusal that comes back is the word of the client itself, not of whoever listens at its port. */
  readonly final: boolean;
  /** For the letters of a lane. @returns the mark of `taken` at which the line has left */
  carry(id: number, line: string): number;
  /** A question to a person, whose answer may take 30 s [P-6.3]. */
  question(id: number, line: string): void;
  /** Nobody waits for the answer to that question any more. */
  withdraw(id: number): void;
  /** For everything else. */
  push(id: number, line: string): void;
  /** Forget what has not left yet, but for questions. */
  reset(): void;
  /** The client takes nothing: give this way up. */
  abandon(): void;
}

export interface DialEvents {
  answered(id: number, body: JsonObject): void;
  taken(mark: number): void;
  /** A push did not leave, or the answer to a letter did not come. */
  failed(): void;
  /** That question did not leave. */
  unreached(id: number): void;
}

interface Question {
  readonly id: number;
  readonly line: string;
}

interface Push extends Question {
  /** Of a letter. */
  readonly mark: number | undefined;
}

/** Pushes that wait for their connection; more are dropped. */
const maxWaiting = 4_096;
/** Connections with questions at once. */
const maxAsking = 8;

export class DialOutlet implements Outlet {
  readonly acks: boolean;
  readonly final = false;
  readonly #dialler: Dialler;
  readonly #target: { readonly address: string; readonly port: number };
  readonly #events: DialEvents;
  #waiting: Push[] = [];
  #mark = 0;
  /** A letter was dropped: none may overtake it, so all are until the lane has set them back. */
  #choked = false;
  /** Results of a connection made before the last `reset` count no more. */
  #round = 0;
  #dialling = false;
  #questions: Question[] = [];
  #asking = 0;

  constructor(dialler: Dialler, target: { address: string; port: number }, acks: boolean, events: DialEvents) {
    this.#dialler = dialler;
    this.#target = target;
    this.acks = acks;
    this.#events = events;
  }

  /** A letter that is dropped has a mark that is never reached: its lane finds it unanswered, and stores it. */
  carry(id: number, line: string): number {
    this.#choked ||= this.#waiting.length >= maxWaiting;
    if (this.#choked) return Infinity;
    this.#mark += 1;
    this.#waiting.push({ id, line, mark: this.#mark });
    this.#next();
    return this.#mark;
  }

  question(id: number, line: string): void {
    this.#questions.push({ id, line });
    this.#askNext();
  }

  withdraw(id: number): void {
    this.#questions = this.#questions.filter((question) => question.id !== id);
  }

  push(id: number, line: string): void {
    if (this.#waiting.length >= maxWaiting) return;
    this.#waiting.push({ id, line, mark: undefined });
    this.#next();
  }

  reset(): void {
    this.#waiting = [];
    this.#choked = false;
    this.#round += 1;
    this.#dialling = false;
  }

  abandon(): void {
    this.reset();
  }

  /** Nothing that waits is brought any more. */
  close(): void {
    this.reset();
    this.#questions = [];
  }

  #next(): void {
    if (this.#dialling) return;
    const push = this.#waiting.shift();
    if (!push) return;
    this.#dialling = true;
    const round = this.#round;
    const { id, line, mark } = push;
    this.#dialler.dial({ ...this.#target, line, deadlineMs: limits.acknowledgementMs }, ({ taken, answer }) => {
      if (round !== this.#round) return;
      this.#dialling = false;
      if (answer) this.#events.answered(id, { ...answer });
      if (taken && mark !== undefined) this.#events.taken(mark);
      if (!taken || (this.acks && mark !== undefined && !answer)) this.#events.failed();
      this.#next();
    });
  }

  #askNext(): void {
    if (this.#asking >= maxAsking) return;
    const question = this.#questions.shift();
    if (!question) return;
    this.#asking += 1;
    const { id, line } = question;
    this.#dialler.dial({ ...this.#target, line, deadlineMs: limits.consentMs }, ({ taken, answer }) => {
      this.#asking -= 1;
      if (answer) this.#events.answered(id, { ...answer });
      else if (!taken) this.#events.unreached(id);
      this.#askNext();
    });
  }
}
