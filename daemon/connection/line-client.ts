// One connection to a server [P-2]: requests with their answers, each with a deadline, and the server's own requests.
// A request that gets no answer ends the connection: the state of a link that swallows requests is not known.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { LineChannel } from "../../base/lines/line-channel.ts";
import { RequestMultiplexer } from "../../base/lines/request-multiplexer.ts";
import type { RequestOptions } from "../../base/lines/request-multiplexer.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Frame, JsonObject } from "../../protocol/wire/frame.ts";
import type { Declaration } from "../../protocol/wire/declare.ts";
import { okAnswer, readEnvelope, refusalAnswer } from "../../protocol/wire/envelope.ts";
import type { ReadAnswer, RequestId } from "../../protocol/wire/envelope.ts";
import { answerOf } from "./read-answer.ts";

/** A request of the server; answer it once. */
export interface Push {
  readonly type: string;
  readonly body: JsonObject;
  accept(): void;
  refuse(refused: Failure): void;
}

export interface LineClientEvents {
  onPush(push: Push): void;
  /** Called once, after every request under way was answered with undefined. */
  onClose(error: Error | undefined): void;
}

export class NotAChatServer extends Error {}

/** Longest line from a server: answers such as `online` are not paged. */
const maxFrameBytes = 4 * 1_024 * 1_024;
const maxUnsentBytes = 4 * 1_024 * 1_024;

export class LineClient {
  readonly #channel: LineChannel;
  readonly #requests: RequestMultiplexer;
  #events: LineClientEvents | undefined;
  #closed: { readonly error: Error | undefined } | undefined;

  /** @param socket connected */
  constructor(socket: Socket, clock: Clock) {
    this.#requests = new RequestMultiplexer({
      clock,
      send: (line) => this.#channel.send(line),
      onUnanswered: (type) => this.#channel.destroy(new Error(`the server did not answer ${type} in time`)),
      onHold: () => this.#channel.pause(),
    });
    this.#channel = new LineChannel(socket, {
      clock,
      maxFrameBytes,
      maxUnsentBytes,
      onFrame: (frame) => this.#received(frame),
      onEnd: () => this.#channel.close(),
      onClose: (error) => this.#lost(error),
    });
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Hands out what the server sends from now on, what waited since a request with `holdAfter` included. */
  start(events: LineClientEvents): void {
    this.#events = events;
    if (this.#closed) events.onClose(this.#closed.error);
    else this.#channel.resume();
  }

  /** @returns the answer's own object, undefined if the connection was lost first */
  async requestRaw(type: string, params: object, options: RequestOptions): Promise<JsonObject | undefined> {
    return await this.#requests.request(type, params, options);
  }

  /**
   * @param onAnswer called with the answer before anything behind it is handed out; the promise comes later
   * @returns what the server answered, undefined if the connection was lost first: the outcome is not known
   */
  async request<Params extends object, Answer>(
    declaration: Declaration<string, Params, Answer>,
    params: Params,
    options: RequestOptions,
    onAnswer?: (answer: ReadAnswer<Answer>) => void,
  ): Promise<ReadAnswer<Answer> | undefined> {
    const observe = onAnswer && ((body: JsonObject) => onAnswer(answerOf(declaration, body)));
    const answer = await this.#requests.request(declaration.type, params, options, observe);
    return answer && answerOf(declaration, answer);
  }

  /** Ends the connection after everything sent has left. */
  close(): void {
    this.#channel.close();
  }

  destroy(error: Error): void {
    this.#channel.destroy(error);
  }

  #received(frame: Frame): void {
    if (frame.kind !== "object") {
      this.#channel.destroy(new NotAChatServer(frame.kind === "bad" ? frame.reason : "a line is too long"));
      return;
    }
    const envelope = readEnvelope(frame.value);
    if (envelope.kind === "request") this.#pushed(envelope.type, envelope.id, envelope.body);
    // The answer of `online` is a map of names without `result`: any object with the id of a request is its answer.
    // One without id is from a server that does not know ids, or that refuses the connection itself.
    else if (envelope.id !== undefined || envelope.kind === "answer") this.#requests.answered(envelope.id, frame.value);
    else this.#channel.destroy(new NotAChatServer("an object without type, id and result"));
  }

  #pushed(type: string, id: RequestId | undefined, body: JsonObject): void {
    const events = this.#events;
    if (!events) {
      this.#channel.send(
        refusalAnswer(id, failure("not_authenticated", "This client has not signed in yet."), "reason"),
      );
      return;
    }
    events.onPush({
      type,
      body,
      accept: () => this.#channel.send(okAnswer(id)),
      refuse: (refused) => this.#channel.send(refusalAnswer(id, refused, "reason")),
    });
  }

  #lost(error: Error | undefined): void {
    this.#closed = { error };
    this.#requests.lost();
    this.#events?.onClose(error);
  }
}
