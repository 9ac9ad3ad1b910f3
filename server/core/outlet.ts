// A way by which pushes reach one session: its open link, or (for a client that left none open) connections to the port it
// named, one push at a time and in order [P-6]. Lanes and presence use either without knowing which.

import type { JsonObject } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Dialler } from "./ports.ts";

export interface Outlet {
  /** The client acknowledges `message` pushes [P-5.1]. */
  readonly acks: boolean;
  /** A refusal that comes back is the word of the client itself, not of whoever listens at its port. */
  readonly final: boolean;
  /**
   * @param answerMs how long its answer may take, where somebody waits for it
   * @returns the mark of `taken` at which the line has left
   */
  push(id: number, line: string, answerMs?: number): number;
  /** Forget what has not left yet. */
  reset(): void;
  /** The client takes nothing: give this way up. */
  abandon(): void;
}

export interface DialEvents {
  answered(id: number, body: JsonObject): void;
  taken(mark: number): void;
  /** @param taken the push has left: it is only its answer that did not come */
  failed(taken: boolean): void;
}

interface Waiting {
  readonly id: number;
  readonly line: string;
  readonly mark: number;
  readonly deadlineMs: number;
}

/** Pushes that wait for their connection. More are dropped: a lane finds its letters unanswered and stores them. */
const maxWaiting = 4_096;

export class DialOutlet implements Outlet {
  readonly acks: boolean;
  readonly final = false;
  readonly #dialler: Dialler;
  readonly #target: { readonly address: string; readonly port: number };
  readonly #events: DialEvents;
  #waiting: Waiting[] = [];
  #mark = 0;
  /** Results of a connection made before the last `reset` count no more. */
  #round = 0;
  #dialling = false;

  constructor(dialler: Dialler, target: { address: string; port: number }, acks: boolean, events: DialEvents) {
    this.#dialler = dialler;
    this.#target = target;
    this.acks = acks;
    this.#events = events;
  }

  push(id: number, line: string, answerMs: number = limits.acknowledgementMs): number {
    this.#mark += 1;
    if (this.#waiting.length < maxWaiting) {
      this.#waiting.push({ id, line, mark: this.#mark, deadlineMs: answerMs });
    }
    this.#next();
    return this.#mark;
  }

  reset(): void {
    this.#waiting = [];
    this.#round += 1;
    this.#dialling = false;
  }

  abandon(): void {
    this.reset();
  }

  #next(): void {
    if (this.#dialling) return;
    const push = this.#waiting.shift();
    if (!push) return;
    this.#dialling = true;
    const round = this.#round;
    const { line, deadlineMs } = push;
    this.#dialler.dial({ ...this.#target, line, deadlineMs }, ({ taken, answer }) => {
      if (round !== this.#round) return;
      this.#dialling = false;
      if (answer) this.#events.answered(push.id, { ...answer });
      if (taken) this.#events.taken(push.mark);
      if (!taken || (this.acks && !answer)) this.#events.failed(taken);
      this.#next();
    });
  }
}
