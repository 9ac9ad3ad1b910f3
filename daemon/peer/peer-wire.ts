// One connection between two clients [P-6.7]: requests both ways, each with one answer. The other end is less trusted than
// a server: short lines until it was admitted, few requests at a time, and a bad line is refused and counted.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { LineChannel } from "../../base/lines/line-channel.ts";
import { RequestMultiplexer } from "../../base/lines/request-multiplexer.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Frame, JsonObject } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Declaration } from "../../protocol/wire/declare.ts";
import { okAnswer, readEnvelope, refusalAnswer } from "../../protocol/wire/envelope.ts";
import type { ReadAnswer, RequestId } from "../../protocol/wire/envelope.ts";
import { answerOf } from "../connection/read-answer.ts";
import type { Push } from "../connection/line-client.ts";

export interface PeerWireEvents {
  /** Answer it once. */
  onRequest(request: Push): void;
  /** Called once, after every request under way was answered with undefined. */
  onClose(): void;
}

/** Requests without answer before no more are read. */
const maxOpen = 64;
/** Answers that the other end has not taken, beyond which no more is read until it took most of them. */
const maxUnreadBytes = 256 * 1_024;
const resumeUnreadBytes = 64 * 1_024;
/** With so much unread it is cut off if it takes nothing for 10 s: a link of which nothing comes back is dead [P-6.8]. */
const maxUnsentBytes = 128 * 1_024;

export class PeerWire {
  readonly #channel: LineChannel;
  readonly #requests: RequestMultiplexer;
  #events: PeerWireEvents;
  #open = 0;
  /** A request without id is under way: nothing behind it is read, so that answers keep its order [P-2.2]. */
  #unnamed = false;
  /** The other end takes no answers: nothing is read until it does, so that they do not fill the memory [P-8.3]. */
  #unread = false;
  /** The answer to a request that holds was read, and `admitted` was not called yet. */
  #held = false;
  #badFrames = 0;
  #ended = false;
  #closed = false;

  /** @param socket connected; nothing of it was read yet */
  constructor(socket: Socket, clock: Clock, events: PeerWireEvents) {
    this.#events = events;
    this.#requests = new RequestMultiplexer({
      clock,
      send: (line) => this.#channel.send(line),
      onUnanswered: () => this.destroy(),
      onHold: () => {
        this.#held = true;
        this.#channel.pause();
      },
    });
    this.#channel = new LineChannel(socket, {
      clock,
      maxFrameBytes: limits.maxUnauthenticatedFrameBytes,
      maxUnsentBytes,
      onFrame: (frame) => this.#received(frame),
      onTaken: () => this.#taken(),
      onEnd: () => {
        this.#ended = true;
        this.#closeWhenAnswered();
      },
      onClose: () => {
        this.#closed = true;
        this.#requests.lost();
        this.#events.onClose();
      },
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The other end was admitted: its lines may be longer from now on, and go to `events`. */
  admitted(events: PeerWireEvents): void {
    this.#events = events;
    this.#channel.maxFrameBytes = limits.maxFrameBytes;
    this.#held = false;
    if (this.#closed) events.onClose();
    else this.#readOn();
  }

  /**
   * Without an answer in time the connection is ended.
   * @param holdAfter nothing behind the answer is read until `admitted`
   * @returns undefined if the connection was lost first
   */
  async request<Params extends object, Answer>(
    declaration: Declaration<string, Params, Answer>,
    params: Params & { readonly from?: string },
    timeoutMs: number,
    holdAfter = false,
  ): Promise<ReadAnswer<Answer> | undefined> {
    const answer = await this.#requests.request(declaration.type, params, { timeoutMs, holdAfter });
    return answer && answerOf(declaration, answer);
  }

  /** Ends the connection after everything sent has left. */
  close(): void {
    this.#channel.close();
  }

  destroy(): void {
    this.#channel.destroy();
  }

  #received(frame: Frame): void {
    if (frame.kind === "too_large") {
      this.#channel.send(
        refusalAnswer(undefined, failure("too_large", `A line may have ${frame.limitBytes} bytes here.`), "reason"),
      );
      this.close();
      return;
    }
    if (frame.kind === "bad") {
      this.#badFrames += 1;
      this.#reply(refusalAnswer(undefined, failure("bad_frame", frame.reason), "reason"));
      if (this.#badFrames >= limits.maxBadFrames) this.close();
      return;
    }
    const envelope = readEnvelope(frame.value);
    if (envelope.kind === "request") this.#requested(envelope.type, envelope.id, envelope.body);
    else if (envelope.kind === "answer") this.#requests.answered(envelope.id, envelope.body);
    else this.#reply(refusalAnswer(envelope.id, failure("bad_request", `${envelope.reason}.`), "reason"));
  }

  #requested(type: string, id: RequestId | undefined, body: JsonObject): void {
    let answered = false;
    const answer = (line: JsonObject): void => {
      if (answered) return;
      answered = true;
      this.#open -= 1;
      if (id === undefined) this.#unnamed = false;
      this.#reply(line);
      this.#readOn();
      this.#closeWhenAnswered();
    };
    this.#open += 1;
    if (id === undefined) this.#unnamed = true;
    if (!this.#mayRead) this.#channel.pause();
    this.#events.onRequest({
      type,
      body,
      accept: () => answer(okAnswer(id)),
      refuse: (refused: Failure) => answer(refusalAnswer(id, refused, "reason")),
    });
  }

  #reply(line: JsonObject): void {
    this.#channel.send(line);
    if (this.#channel.unsentBytes <= maxUnreadBytes) return;
    this.#unread = true;
    this.#channel.pause();
  }

  #taken(): void {
    if (!this.#unread || this.#channel.unsentBytes > resumeUnreadBytes) return;
    this.#unread = false;
    this.#readOn();
  }

  get #mayRead(): boolean {
    return !this.#unnamed && !this.#unread && !this.#held && this.#open < maxOpen;
  }

  #readOn(): void {
    if (this.#mayRead) this.#channel.resume();
  }

  #closeWhenAnswered(): void {
    if (this.#ended && this.#open === 0) this.close();
  }
}
