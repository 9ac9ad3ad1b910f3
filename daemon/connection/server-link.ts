// The one link of a signed-in person to their server: kept alive, opened again by token after a loss with a growing
// wait [P-8.4], and given up when the session has ended. Says what happens through its events; holds no messages.

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
  /** Another login ended it. */
  readonly elsewhere?: boolean;
}

export interface ServerLinkEvents {
  /** Somebody waits for it. */
  onConnecting(): void;
  /** Called before anything that the server sends on the new connection. */
  onConnected(token: string | undefined): void;
  /** @param distrust where the server was reached and showed a key that is not trusted */
  onUnreachable(reason: string, retryAtMs: number, distrust: UntrustedKey | undefined): void;
  onPush(push: Push): void;
  /** The session is over; the link does nothing any more. */
  onEnded(end: SessionEnd): void;
}

export interface ServerLinkOptions {
  readonly connector: Connector;
  readonly address: ServerAddress;
  readonly user: string;
  readonly token: string | undefined;
  readonly client: Client;
  readonly clock: Clock;
  /** At each beat the link shows that it lives [P-8.4]. */
  readonly pulse: Pulse;
  readonly random: () => number;
  readonly events: ServerLinkEvents;
}

/** The server itself waits up to 10 s for a recipient. */
const answerMs = 3 * limits.acknowledgementMs;
const logoutMs = 3_000;
/** For the answer of a connection that may be dead; a person waits for it. */
const probeMs = 3_000;
/** Answers to these may be what the program of another person answered, on a server that passes it on. */
const saidByOthers: ReadonlySet<string> = new Set([message.type, broadcast.type, signal.type, address.type]);

/** More often than so in this time, and the session is given up. */
const maxTaken = 2;
const takenWithinMs = 60_000;
/** A connection that held for so long starts the back-off anew when it is lost. */
const steadyMs = 10_000;

export class ServerLink {
  readonly #options: ServerLinkOptions;
  #token: string | undefined;
  #link: LineClient | undefined;
  #announced: Offer | undefined;
  #announcing: Promise<void> | undefined;
  #backoff = Backoff.first;
  #connectedAtMs = 0;
  /** When another link of the same device took the session, lately. */
  #takenAtMs: readonly number[] = [];
  /** The heartbeat of a connection, or the wait for the next one. */
  #timer: Disposable | undefined;
  #connecting = false;
  /** A person waits for the connection. */
  #awaited = false;
  #probing = false;
  #over = false;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#token = options.token;
  }

  /**
   * For the first time, or because a person wants it now: opens the session by token. A connection that seems to stand has
   * 3 s to prove it, or is opened again at once.
   */
  connect(): void {
    if (this.#over) return;
    this.#awaited = true;
    if (this.#link) void this.#probe();
    else if (this.#connecting) this.#options.events.onConnecting();
    else this.#attempt();
  }

  /** Takes over a connection on which the session was opened. */
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
   * Where this end takes direct connections changed since the server was told: the same `auth` once more, by token. Fulfilled
   * when the server knows it as it is now, or cannot be told.
   */
  async announce(): Promise<void> {
    const offer = offerOf(this.#options.client);
    const isTold = !this.#link || this.#token === undefined || isSameOffer(this.#announced, offer);
    if (!isTold) this.#announcing = this.#tell(offer, this.#link, this.#token ?? "");
    await this.#announcing;
  }

  async #tell(offer: Offer, link: LineClient | undefined, token: string): Promise<void> {
    const { client, user } = this.#options;
    this.#announced = offer;
    const params = authParams({ username: user, token }, client, offer);
    const answer = await this.request(auth, params, undefined, limits.authenticationMs);
    if (answer?.ok === false && this.#link === link) this.interrupt(answer.reason);
  }

  /**
   * @param onAnswer called with the answer before anything that the server sent behind it is handed out
   * @param timeoutMs without an answer by then the connection is ended
   * @returns what the server answered; undefined if there is no connection or it was lost before the answer
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
    if (saidByOthers.has(declaration.type)) return (await this.#hasLapsed()) ? undefined : failure("refused");
    // The session ended by silence (this machine slept) though the connection stands: the token opens it again [P-4.9].
    this.interrupt(sessionLapsed(this.#options.address));
    return answer;
  }

  /** Asked of the server itself, where an answer may be another person's word. */
  async #hasLapsed(): Promise<boolean> {
    return (await this.request(alive, {}))?.ok !== true;
  }

  /** For the one answer that is not shaped like the others. */
  async requestRaw(type: string): Promise<JsonObject | undefined> {
    return await this.#link?.requestRaw(type, {}, { timeoutMs: answerMs });
  }

  /** Drops the connection, so that the server keeps what comes; it is opened again after a wait. */
  interrupt(reason: string): void {
    const link = this.#link;
    if (!link) return;
    this.#forget();
    link.destroy(new Error(reason));
    this.#retryLater(reason);
  }

  /** Ends the session at the server, as far as it can be reached, and the link in any case. */
  async logout(): Promise<void> {
    const link = this.#end();
    await link?.request(logout, {}, { timeoutMs: logoutMs });
    link?.close();
  }

  /** Closes the connection; the session at the server lives on for its time. Idempotent. */
  dispose(): void {
    this.#end()?.close();
  }

  /** @returns the connection that there was */
  #end(): LineClient | undefined {
    const link = this.#link;
    this.#over = true;
    this.#timer?.dispose();
    this.#link = undefined;
    return link;
  }

  /** Nobody is told of an attempt that nobody waits for: they come again and again while a server is away. */
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
    if (this.#over) {
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
    // What still comes while it is being closed belongs to nobody here; the server keeps it.
    if (this.#over || this.#link !== link) return;
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

  /** Once may be a restored machine that comes back; again and again it is two daemons that are one device. */
  #taken(push: Push): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#takenAtMs = [...this.#takenAtMs.filter((atMs) => nowMs - atMs < takenWithinMs), nowMs];
    push.accept();
    if (this.#takenAtMs.length <= maxTaken) return;
    this.#end()?.close();
    this.#options.events.onEnded({ reason: takenAgain(this.#options.address) });
  }

  #lost(link: LineClient): void {
    if (this.#link !== link) return;
    this.#forget();
    this.#retryLater(connectionLost(this.#options.address));
  }

  /** The connection is gone, or of no use. */
  #forget(): void {
    this.#link = undefined;
    if (this.#options.clock.monotonicMs() - this.#connectedAtMs >= steadyMs) this.#backoff = Backoff.first;
  }

  #retryLater(reason: string, distrust?: UntrustedKey): void {
    const { clock, random, events } = this.#options;
    const { delayMs, policy } = this.#backoff.next(random());
    this.#backoff = policy;
    this.#timer?.dispose();
    this.#timer = clock.setTimer(delayMs, () => this.#attempt());
    events.onUnreachable(reason, clock.nowMs() + delayMs, distrust);
  }

  /** A connection can be dead without a word: a network that forgot it, a machine that slept. */
  async #probe(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    await this.request(alive, {}, undefined, probeMs);
    this.#probing = false;
    if (this.#link) this.#awaited = false;
    else if (!this.#over && !this.#connecting) this.#attempt();
  }
}
