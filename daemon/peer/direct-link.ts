// An established direct link: both ends proved their keys and one admitted the other. Serves requests of the peer as that
// one person only, keeps the link alive, and closes it when it is idle.

import type { Clock, Timer } from "../../base/clock.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { encodedTextBytes } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import { closeLink, killPush, offlinePush, requestPush } from "../../protocol/wire/direct.ts";
import type { ReadAnswer } from "../../protocol/wire/envelope.ts";
import { alive } from "../../protocol/wire/session.ts";
import { message, messagePush, signal, signalPush } from "../../protocol/wire/messages.ts";
import type { Infer } from "../../protocol/validate.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { Push } from "../connection/line-client.ts";
import type { PeerWire } from "./peer-wire.ts";
import { killRefused, notThatPeer } from "./direct-errors.ts";
import { isName } from "./direct-deps.ts";
import type { Person } from "./direct-deps.ts";

/**
 * Why a link ended. `offline`: the peer has left. `closed`: one end closed it on purpose. `idle`: no message for a long
 * time. `lost`: the connection broke.
 */
export type LinkEnd = "offline" | "closed" | "idle" | "lost";

export interface DirectLinkOptions {
  /** Unique; never reused. */
  readonly id: number;
  readonly peer: Person;
  readonly pin: Pin;
  readonly me: Person;
  /** This end opened the connection. */
  readonly dialled: boolean;
  /** For display: `ip:port`. */
  readonly address: string;
  readonly wire: PeerWire;
  readonly clock: Clock;
  /** Called with a message or signal of the peer; `from` is the name that belongs to the key. */
  onPush(push: Push): void;
  /** Called once. */
  onEnd(link: DirectLink, end: LinkEnd): void;
}

const answerMs = limits.acknowledgementMs;
const heartbeatMs = limits.heartbeatMs;
const idleMs = 15 * 60 * 1_000;
/** Time for the closing request to be answered. */
const farewellMs = 500;
/** Time to finish what is in flight on a replaced link, and for the peer to see the new one. */
const retireMs = 5_000;

export class DirectLink {
  readonly #options: DirectLinkOptions;
  readonly sinceMs: number;
  #usedMs: number;
  #heartbeat: Timer | undefined;
  #ended = false;

  /** @param options its wire delivers nothing before `start` */
  constructor(options: DirectLinkOptions) {
    this.#options = options;
    this.sinceMs = this.#usedMs = options.clock.monotonicMs();
    this.#scheduleHeartbeat();
  }

  get id(): number {
    return this.#options.id;
  }

  get peer(): Person {
    return this.#options.peer;
  }

  get pin(): Pin {
    return this.#options.pin;
  }

  get dialled(): boolean {
    return this.#options.dialled;
  }

  get address(): string {
    return this.#options.address;
  }

  /** Starts serving the requests of the peer. */
  start(): void {
    this.#options.wire.admitted({
      onRequest: (request) => this.#serve(request),
      onClose: () => this.#end("lost"),
    });
  }

  /** @returns undefined if the link ended before the answer, so the outcome is unknown */
  async message(params: ParamsOf<typeof message>): Promise<ReadAnswer<Infer<typeof message.answer>> | undefined> {
    this.#used();
    return await this.#options.wire.request(message, this.#signed(params), answerMs);
  }

  signal(params: ParamsOf<typeof signal>): void {
    void this.#options.wire.request(signal, this.#signed(params), answerMs);
  }

  /** Tells the peer and closes the link, after half a second at the latest. */
  async leave(end: "offline" | "closed" | "idle"): Promise<void> {
    if (this.#ended) return;
    const { wire, me } = this.#options;
    this.#end(end);
    await wire.request(end === "offline" ? offlinePush : closeLink, { from: me.name }, farewellMs);
    wire.close();
  }

  /** Closes the link after what is in flight has finished, because another link replaces it. */
  retire(): void {
    this.#heartbeat?.dispose();
    this.#heartbeat = this.#options.clock.setTimer(retireMs, () => this.#options.wire.close());
  }

  /** Closes at once, because requests can no longer be served. The peer sends unanswered requests again. */
  destroy(): void {
    this.#options.wire.destroy();
  }

  #signed<Params extends object>(params: Params): Params & { readonly from: string } {
    return { from: this.#options.me.name, ...params };
  }

  #serve(request: Push): void {
    const from = request.body["from"];
    // The link has ended here: the peer gets no answer and sends it again another way.
    if (this.#ended && request.type !== offlinePush.type && request.type !== closeLink.type) return;
    if (request.type !== killPush.type && from !== undefined && !isName(from, this.peer)) {
      request.refuse(notThatPeer);
      return;
    }
    switch (request.type) {
      case messagePush.type:
      case signalPush.type:
        this.#forward(request);
        return;
      case alive.type:
      // It has been admitted already.
      case requestPush.type:
        request.accept();
        return;
      case offlinePush.type:
      case closeLink.type:
        request.accept();
        this.#end(request.type === offlinePush.type ? "offline" : "closed");
        this.#options.wire.close();
        return;
      case killPush.type:
        request.refuse(killRefused);
        return;
      default:
        request.refuse(failure("unknown_type", "This client does not know that request."));
    }
  }

  #forward(request: Push): void {
    const trouble = this.#troubleOf(request);
    if (trouble) {
      request.refuse(trouble);
      return;
    }
    if (request.type === messagePush.type) this.#used();
    // A peer can never send to everyone, whatever the request contains.
    const fields = Object.entries(request.body).filter(([name]) => name !== "broadcast");
    this.#options.onPush({ ...request, body: { ...Object.fromEntries(fields), from: this.peer.name } });
  }

  #troubleOf({ body }: Push): Failure | undefined {
    const { to, msg } = body;
    if (to !== undefined && !isName(to, this.#options.me)) {
      return failure("no_such_user", "Nobody of that name is signed in here.");
    }
    const tooLong = typeof msg === "string" && encodedTextBytes(msg) > limits.maxMessageBytes;
    return tooLong ? failure("too_large") : undefined;
  }

  #used(): void {
    this.#usedMs = this.#options.clock.monotonicMs();
  }

  #scheduleHeartbeat(): void {
    this.#heartbeat = this.#options.clock.setTimer(heartbeatMs, () => {
      if (this.#options.clock.monotonicMs() - this.#usedMs >= idleMs) {
        void this.leave("idle");
        return;
      }
      this.#scheduleHeartbeat();
      void this.#options.wire.request(alive, this.#signed({}), answerMs);
    });
  }

  #end(end: LinkEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#heartbeat?.dispose();
    this.#options.onEnd(this, end);
  }
}
