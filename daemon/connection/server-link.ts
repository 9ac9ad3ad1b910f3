// The one link of a signed-in person to their server. Keeps it alive, reopens it by token after a loss with a growing delay
// [P-8.4], and gives up when the session has ended. Reports through its events; holds no messages.

import type { Clock } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { errorTable, failure } from "../../protocol/errors.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { JsonObject } from "../../protocol/wire/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Declaration } from "../../protocol/wire/declare.ts";
import { address, killPush, takenPush } from "../../protocol/wire/direct.ts";
import type { ReadAnswer } from "../../protocol/wire/envelope.ts";
import { alive, auth, logout } from "../../protocol/wire/session.ts";
import { broadcast, message, signal } from "../../protocol/wire/messages.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Pulse } from "../lifetime/pulse.ts";
import type { ServerAddress } from "./server-address.ts";
import { Backoff } from "./backoff.ts";
import type { UntrustedKey, Connector } from "./connector.ts";
import type { LineClient, Push } from "./line-client.ts";
import { authParams, isSameOffer, offerOf, signInAt } from "./sign-in.ts";
import type { Client, Offer, SignedIn } from "./sign-in.ts";
import { connectionLost, sessionEnded, sessionLapsed, takenAgain } from "./connect-errors.ts";

export interface SessionEnd {
  readonly reason: string;
  readonly code?: ErrorCode;
  /** Whether another login ended it. */
  readonly elsewhere?: boolean;
}

export interface ServerLinkEvents {
  /** Somebody is waiting for the connection. */
  onConnecting(): void;
  /** Called before anything that the server sends on the new connection. */
  onConnected(token: string | undefined): void;
  /** @param distrust set if the server was reached and showed a key that is not trusted */
  onUnreachable(reason: string, retryAtMs: number, distrust: UntrustedKey | undefined): void;
  onPush(push: Push): void;
  /** The session has ended; the link does nothing any more. */
  onEnded(end: SessionEnd): void;
}

export interface ServerLinkOptions {
  readonly connector: Connector;
  readonly address: ServerAddress;
  readonly user: string;
  readonly token: string | undefined;
  readonly client: Client;
  readonly clock: Clock;
  /** At each beat the link sends a heartbeat [P-8.4]. */
  readonly pulse: Pulse;
  readonly random: () => number;
  readonly events: ServerLinkEvents;
}

/** The server itself waits up to 10 s for a recipient. */
const answerMs = 3 * limits.acknowledgementMs;
const logoutMs = 3_000;
/** Timeout for a connection that may be dead, while a person waits. */
const probeMs = 3_000;
/** Answers to these may come from another person's program, if the server passes them on. */
const answeredByOthers: ReadonlySet<string> = new Set([message.type, broadcast.type, signal.type, address.type]);

/** If another link takes the session more often than this within the window, the session is given up. */
const maxTakeovers = 2;
const takeoverWindowMs = 60_000;
/** If a connection lasted this long, the back-off starts from the beginning when it is lost. */
const stableMs = 10_000;

export class ServerLink {
  readonly #options: ServerLinkOptions;
  #token: string | undefined;
  #link: LineClient | undefined;
  #announced: Offer | undefined;
  #announcing: Promise<void> | undefined;
  #backoff = Backoff.first;
  #connectedAtMs = 0;
  /** When another link of the same device recently took the session. */
  #takeoversAtMs: readonly number[] = [];
  /** The heartbeat of a connection, or the delay before the next one. */
  #timer: Disposable | undefined;
  #connecting = false;
  /** Whether a person is waiting for the connection. */
  #awaited = false;
  #probing = false;
  #ended = false;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#token = options.token;
  }

  /**
   * Opens the session by token, for the first time or because a person wants it now. If a connection seems to be up, it has
   * 3 s to prove it; otherwise it is opened again at once.
   */
  connect(): void {
    if (this.#ended) return;
    this.#awaited = true;
    if (this.#link) void this.#probe();
    else if (this.#connecting) this.#options.events.onConnecting();
    else this.#attempt();
  }

  /** Takes over a connection on which the session has been opened. */
  adopt({ link, token, announced }: SignedIn): void {
    this.#token = token ?? this.#token;
    this.#link = link;
    this.#announced = announced;
    this.#announcing = undefined;
    this.#connectedAtMs = this.#options.clock.monotonicMs();
    this.#timer?.dispose();
    this.#timer = this.#options.pulse.follow({
      onBeat: () => void this.request(alive, {}),
      onWake: () => void this.#probe(),
    });
    this.#options.events.onConnected(token);
    link.start({ onPush: (push) => this.#pushed(link, push), onClose: () => this.#lost(link) });
    void this.announce();
  }

  /**
   * Tells the server where this end accepts direct connections, if that has changed: sends the same `auth` again, by token.
   * Resolves once the server knows the current state, or cannot be told.
   */
  async announce(): Promise<void> {
    const offer = offerOf(this.#options.client);
    const isKnown = !this.#link || this.#token === undefined || isSameOffer(this.#announced, offer);
    if (!isKnown) this.#announcing = this.#announceTo(offer, this.#link, this.#token ?? "");
    await this.#announcing;
  }

  async #announceTo(offer: Offer, link: LineClient | undefined, token: string): Promise<void> {
    const { client, user } = this.#options;
    this.#announced = offer;
    const params = authParams({ username: user, token }, client, offer);
    const answer = await this.request(auth, params, undefined, limits.authenticationMs);
    if (answer?.ok === false && this.#link === link) this.interrupt(answer.reason);
  }

  /**
   * Sends a request.
   * @param onAnswer called with the answer before anything that the server sent after it is delivered
   * @param timeoutMs the connection is closed if there is no answer by then
   * @returns the server's answer; undefined if there is no connection or it was lost before the answer
   */
  async request<Params extends object, Answer>(
    declaration: Declaration<string, Params, Answer>,
    params: Params,
    onAnswer?: (answer: ReadAnswer<Answer>) => void,
    timeoutMs: number = answerMs,
  ): Promise<ReadAnswer<Answer> | undefined> {
    const link = this.#link;
    const answer = await link?.request(declaration, params, { timeoutMs }, onAnswer);
    if (answer?.ok !== false || answer.code !== "not_authenticated" || this.#link !== link) return answer;
    if (answeredByOthers.has(declaration.type)) return (await this.#hasLapsed()) ? undefined : failure("refused");
    // The session expired through silence (this machine slept), but the connection is up: the token opens it again [P-4.9].
    this.interrupt(sessionLapsed(this.#options.address));
    return answer;
  }

  /** Asks the server itself, because the answer may have come from another person's program. */
  async #hasLapsed(): Promise<boolean> {
    return (await this.request(alive, {}))?.ok !== true;
  }

  /** Sends the one request whose answer does not have the usual shape. */
  async requestRaw(type: string): Promise<JsonObject | undefined> {
    return await this.#link?.requestRaw(type, {}, { timeoutMs: answerMs });
  }

  /** Drops the connection, so that the server keeps the messages. It is opened again after a delay. */
  interrupt(reason: string): void {
    const link = this.#link;
    if (!link) return;
    this.#forget();
    link.destroy(new Error(reason));
    this.#retryLater(reason);
  }

  /** Ends the session at the server if it can be reached, and closes the link in any case. */
  async logout(): Promise<void> {
    const link = this.#end();
    await link?.request(logout, {}, { timeoutMs: logoutMs });
    link?.close();
  }

  /** Closes the connection. The session at the server lives on until it expires. Idempotent. */
  dispose(): void {
    this.#end()?.close();
  }

  /** @returns the previous connection */
  #end(): LineClient | undefined {
    const link = this.#link;
    this.#ended = true;
    this.#timer?.dispose();
    this.#link = undefined;
    return link;
  }

  /** Reports only attempts that somebody waits for, because attempts repeat while a server is away. */
  #attempt(): void {
    this.#timer?.dispose();
    this.#connecting = true;
    if (this.#awaited) this.#options.events.onConnecting();
    void this.#signIn();
  }

  async #signIn(): Promise<void> {
    const { connector, address, user, client, events } = this.#options;
    const found = await signInAt(connector, address, { user, token: this.#token ?? "" }, client);
    this.#connecting = false;
    this.#awaited = false;
    if (this.#ended) {
      if (found.ok) found.link.close();
      return;
    }
    if (found.ok) {
      this.adopt(found);
      return;
    }
    if (!found.reached || errorTable[found.code].retryable) {
      this.#retryLater(found.reason, found.distrust);
      return;
    }
    this.#end();
    events.onEnded({ reason: sessionEnded(address), code: found.code });
  }

  #pushed(link: LineClient, push: Push): void {
    // While the connection closes, pushes have no receiver here; the server keeps them.
    if (this.#ended || this.#link !== link) return;
    if (push.type === takenPush.type) {
      this.#taken(push);
      return;
    }
    if (push.type !== killPush.type) {
      this.#options.events.onPush(push);
      return;
    }
    push.accept();
    const read = killPush.params.read(push.body, "");
    this.#end()?.close();
    const reason = read instanceof Invalid ? sessionEnded(this.#options.address) : read.reason;
    this.#options.events.onEnded({ elsewhere: true, reason });
  }

  /** A single takeover may be a restored machine that returns. Repeated ones mean that two daemons share one device key. */
  #taken(push: Push): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#takeoversAtMs = [...this.#takeoversAtMs.filter((atMs) => nowMs - atMs < takeoverWindowMs), nowMs];
    push.accept();
    if (this.#takeoversAtMs.length <= maxTakeovers) return;
    this.#end()?.close();
    this.#options.events.onEnded({ reason: takenAgain(this.#options.address) });
  }

  #lost(link: LineClient): void {
    if (this.#link !== link) return;
    this.#forget();
    this.#retryLater(connectionLost(this.#options.address));
  }

  /** Forgets a connection that is lost or unusable. */
  #forget(): void {
    this.#link = undefined;
    if (this.#options.clock.monotonicMs() - this.#connectedAtMs >= stableMs) this.#backoff = Backoff.first;
  }

  #retryLater(reason: string, distrust?: UntrustedKey): void {
    const { clock, random, events } = this.#options;
    const { delayMs, policy } = this.#backoff.next(random());
    this.#backoff = policy;
    this.#timer?.dispose();
    this.#timer = clock.setTimer(delayMs, () => this.#attempt());
    events.onUnreachable(reason, clock.nowMs() + delayMs, distrust);
  }

  /** Checks the connection. It can be dead without notice: a network that dropped it, a machine that slept. */
  async #probe(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    await this.request(alive, {}, undefined, probeMs);
    this.#probing = false;
    if (this.#link) this.#awaited = false;
    else if (!this.#ended && !this.#connecting) this.#attempt();
  }
}
