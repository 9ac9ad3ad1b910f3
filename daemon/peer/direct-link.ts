// A direct link that stands: both ends proved their keys and one admitted the other. Serves what the peer sends as that one
// person and nobody else, keeps the link alive, and ends it when it is of no use.

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
 * `offline`: the peer has left. `closed`: one of the two ended it on purpose. `idle`: nobody said anything for long.
 * `lost`: the connection broke.
 */
export type LinkEnd = "offline" | "closed" | "idle" | "lost";

export interface DirectLinkOptions {
  /** Never given twice. */
  readonly id: number;
  readonly peer: Person;
  readonly pin: Pin;
  readonly me: Person;
  /** This end opened the connection. */
  readonly dialled: boolean;
  /** For a person to see: `ip:port`. */
  readonly address: string;
  readonly wire: PeerWire;
  readonly clock: Clock;
  /** A message or signal of the peer, with `from` the name that belongs to the key. */
  onPush(push: Push): void;
  /** Called once. */
  onEnd(link: DirectLink, end: LinkEnd): void;
}

const answerMs = limits.acknowledgementMs;
const beatMs = limits.heartbeatMs;
const idleMs = 15 * 60 * 1_000;
/** For a last word to leave. */
const farewellMs = 500;
/** For what is under way on a link that another one took the place of, and for the peer to see that one too. */
const retireMs = 5_000;

export class DirectLink {
  readonly #options: DirectLinkOptions;
  readonly sinceMs: number;
  #usedMs: number;
  #beat: Timer | undefined;
  #ended = false;

  /** @param options its wire hands out what the peer sends from now on */
  constructor(options: DirectLinkOptions) {
    this.#options = options;
    this.sinceMs = this.#usedMs = options.clock.monotonicMs();
    this.#beatLater();
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

  /** Reads what the peer sends. */
  start(): void {
    this.#options.wire.admitted({
      onRequest: (request) => this.#serve(request),
      onClose: () => this.#end("lost"),
    });
  }

  /** @returns undefined if the link ended before the answer: the outcome is not known */
  async message(params: ParamsOf<typeof message>): Promise<ReadAnswer<Infer<typeof message.answer>> | undefined> {
    this.#used();
    return await this.#options.wire.request(message, this.#signed(params), answerMs);
  }

  signal(params: ParamsOf<typeof signal>): void {
    void this.#options.wire.request(signal, this.#signed(params), answerMs);
  }

  /** Says so and closes, at the latest after half a second. */
  async leave(end: "offline" | "closed" | "idle"): Promise<void> {
    if (this.#ended) return;
    const { wire, me } = this.#options;
    this.#end(end);
    await wire.request(end === "offline" ? offlinePush : closeLink, { from: me.name }, farewellMs);
    wire.close();
  }

  /** Another link takes its place: what is under way is finished, then it closes. */
  retire(): void {
    this.#beat?.dispose();
    this.#beat = this.#options.clock.setTimer(retireMs, () => this.#options.wire.close());
  }

  /** Nothing that comes on it can be served any more; the peer sends again what has no answer. */
  destroy(): void {
    this.#options.wire.destroy();
  }

  #signed<Params extends object>(params: Params): Params & { readonly from: string } {
    return { from: this.#options.me.name, ...params };
  }

  #serve(request: Push): void {
    const from = request.body["from"];
    // Whoever sent something else on a link that has ended here sends it again by another way.
    if (this.#ended && request.type !== offlinePush.type && request.type !== closeLink.type) return;
    if (request.type !== killPush.type && from !== undefined && !isName(from, this.peer)) {
      request.refuse(notThatPeer);
      return;
    }
    switch (request.type) {
      case messagePush.type:
      case signalPush.type:
        this.#pass(request);
        return;
      case alive.type:
      // It is admitted already.
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

  #pass(request: Push): void {
    const trouble = this.#troubleOf(request);
    if (trouble) {
      request.refuse(trouble);
      return;
    }
    if (request.type === messagePush.type) this.#used();
    // Nothing that a peer sends goes to everyone, whatever it says.
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

  #beatLater(): void {
    this.#beat = this.#options.clock.setTimer(beatMs, () => {
      if (this.#options.clock.monotonicMs() - this.#usedMs >= idleMs) {
        void this.leave("idle");
        return;
      }
      this.#beatLater();
      void this.#options.wire.request(alive, this.#signed({}), answerMs);
    });
  }

  #end(end: LinkEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#beat?.dispose();
    this.#options.onEnd(this, end);
  }
}
