// Pushes to a client that keeps no link open: connections to the port that it named, one push at a time and in order [P-6].
// Consent questions to a person go in parallel, each on its own connection, because an answer may take 30 s. In plain JSON,
// so only for a session that was opened in plain JSON. Whoever listens there proves nothing, so an answer is no sign of
// life [P-4.9].

import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Dialler } from "../ports.ts";
import type { PushChannel } from "./push-channel.ts";

export interface CallbackEvents {
  answered(id: number, body: JsonObject): void;
  flushed(mark: number): void;
  /** A push could not be sent. */
  failed(): void;
  /** That question could not be sent. */
  unreached(id: number): void;
}

interface PendingPush {
  readonly id: number;
  readonly line: string;
}

interface Push {
  readonly line: string;
  /** Set for a message. */
  readonly message: { readonly id: number; readonly mark: number } | undefined;
}

/** Pushes that may wait for their connection; more are dropped. */
const maxWaiting = 4_096;
/** Connections with questions at the same time. */
const maxAsking = 8;

export class CallbackChannel implements PushChannel {
  readonly acks = false;
  readonly final = false;
  readonly pushes = 0;
  readonly unsentBytes = 0;
  readonly #dialler: Dialler;
  readonly #target: { readonly address: string; readonly port: number };
  readonly #events: CallbackEvents;
  #waiting: Push[] = [];
  #mark = 0;
  /** A message was dropped: none may overtake it, so all are dropped until `reset`. */
  #overflowed = false;
  /** Results of a connection made before the last `reset` are ignored. */
  #round = 0;
  #dialling = false;
  #questions: PendingPush[] = [];
  #asking = 0;

  constructor(dialler: Dialler, target: { address: string; port: number }, events: CallbackEvents) {
    this.#dialler = dialler;
    this.#target = target;
    this.#events = events;
  }

  /** A dropped message has a mark that is never reached: its queue finds it unanswered, and stores it. */
  carry(id: number, line: string): number {
    this.#overflowed ||= this.#waiting.length >= maxWaiting;
    if (this.#overflowed) return Infinity;
    this.#mark += 1;
    this.#waiting.push({ line, message: { id, mark: this.#mark } });
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

  push(line: string): void {
    if (this.#waiting.length >= maxWaiting) return;
    this.#waiting.push({ line, message: undefined });
    this.#next();
  }

  reset(): void {
    this.#waiting = [];
    this.#overflowed = false;
    this.#round += 1;
    this.#dialling = false;
  }

  abandon(): void {
    this.reset();
  }

  /** Drops everything that waits. */
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
    const { line, message } = push;
    this.#dialler.dial({ ...this.#target, line, deadlineMs: limits.acknowledgementMs }, ({ taken, answer }) => {
      if (round !== this.#round) return;
      this.#dialling = false;
      if (message && answer) this.#events.answered(message.id, { ...answer });
      if (message && taken) this.#events.flushed(message.mark);
      if (!taken) this.#events.failed();
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
