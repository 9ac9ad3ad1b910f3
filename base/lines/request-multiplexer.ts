// The pending requests of one connection, each with a deadline, and their answers: by id, or in order from an end that does
// not support ids [P-2.2]. Does not know the socket: its owner does the framing, decides which answers to trust, and ends
// the connection.

import type { JsonObject } from "../../protocol/wire/frame.ts";
import type { RequestId } from "../../protocol/wire/envelope.ts";
import type { Clock, Timer } from "../clock.ts";

export interface RequestMultiplexerOptions {
  readonly clock: Clock;
  send(line: JsonObject): void;
  /** A request has no answer at its deadline. The state of such a connection is unknown, so the owner has to end it. */
  onUnanswered(type: string): void;
  /** The answer to a request with `holdAfter` has arrived: the owner must read nothing after it. */
  onHold(): void;
}

export interface RequestOptions {
  /** If there is no answer by then, the connection ends. */
  readonly timeoutMs: number;
  /** Nothing after the answer is read until the owner resumes. */
  readonly holdAfter?: boolean;
}

interface PendingRequest {
  readonly settle: (answer: JsonObject | undefined) => void;
  readonly deadline: Timer;
  readonly holdAfter: boolean;
  readonly onAnswer: ((answer: JsonObject) => void) | undefined;
}

export class RequestMultiplexer {
  readonly #options: RequestMultiplexerOptions;
  readonly #pending = new Map<RequestId, PendingRequest>();
  #nextId = 1;
  #lost = false;

  constructor(options: RequestMultiplexerOptions) {
    this.#options = options;
  }

  /**
   * @param onAnswer called with the answer before anything after it is handed out; the promise resolves later
   * @returns the answer's own object; undefined if the connection was lost first: the outcome is not known
   */
  async request(
    type: string,
    params: object,
    { timeoutMs, holdAfter = false }: RequestOptions,
    onAnswer?: (answer: JsonObject) => void,
  ): Promise<JsonObject | undefined> {
    if (this.#lost) return undefined;
    const id = this.#nextId++;
    return await new Promise((settle) => {
      const deadline = this.#options.clock.setTimer(timeoutMs, () => this.#options.onUnanswered(type));
      this.#pending.set(id, { settle, deadline, holdAfter, onAnswer });
      this.#options.send({ type, id, ...params });
    });
  }

  /** @param id undefined for the oldest request [P-2.2]. An answer without a pending request is dropped. */
  answered(id: RequestId | undefined, body: JsonObject): void {
    const known = id ?? this.#pending.keys().next().value;
    const pending = known === undefined ? undefined : this.#pending.get(known);
    if (known === undefined || !pending) return;
    this.#pending.delete(known);
    pending.deadline.dispose();
    if (pending.holdAfter) this.#options.onHold();
    pending.onAnswer?.(body);
    pending.settle(body);
  }

  /** To be called when the connection is lost: every pending and every later request resolves with undefined. */
  lost(): void {
    this.#lost = true;
    for (const { deadline, settle } of this.#pending.values()) {
      deadline.dispose();
      settle(undefined);
    }
    this.#pending.clear();
  }
}
