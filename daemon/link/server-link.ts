// The one link of a signed-in person to their server: kept alive, opened again by token after a loss with a growing
// wait [P-8.4], and given up when the session has ended. Says what happens through its events; holds no messages.

import type { Clock, Timer } from "../../base/clock.ts";
import { errorTable } from "../../protocol/errors.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { JsonObject } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import type { Declaration } from "../../protocol/messages/declare.ts";
import { killPush } from "../../protocol/messages/direct.ts";
import type { ReadAnswer } from "../../protocol/messages/envelope.ts";
import { alive, logout } from "../../protocol/messages/session.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { ServerAddress } from "./address.ts";
import { Backoff } from "./backoff.ts";
import type { Distrust, Door } from "./door.ts";
import type { LineClient, Push } from "./line-client.ts";
import { signInAt } from "./sign-in.ts";
import type { Client } from "./sign-in.ts";
import { connectionLost, sessionEnded, sessionLapsed } from "./trouble.ts";

export interface SessionEnd {
  /** Another login ended it. */
  readonly elsewhere: boolean;
  readonly reason: string;
  readonly code?: ErrorCode;
}

export interface ServerLinkEvents {
  onConnecting(): void;
  /** Called before anything that the server sends on the new connection. */
  onConnected(token: string | undefined): void;
  /** @param distrust where the server was reached and showed a key that is not trusted */
  onUnreachable(reason: string, retryAtMs: number, distrust: Distrust | undefined): void;
  onPush(push: Push): void;
  /** The session is over; the link does nothing any more. */
  onEnded(end: SessionEnd): void;
}

export interface ServerLinkOptions {
  readonly door: Door;
  readonly address: ServerAddress;
  readonly user: string;
  readonly token: string | undefined;
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: ServerLinkEvents;
}

/** A little more often than the server asks for. */
const heartbeatMs = limits.heartbeatMs - 5_000;
/** The server itself waits up to 10 s for a recipient. */
const answerMs = 3 * limits.acknowledgementMs;
const logoutMs = 3_000;
/** A connection that held for so long starts the back-off anew when it is lost. */
const steadyMs = 10_000;

export class ServerLink {
  readonly #options: ServerLinkOptions;
  #token: string | undefined;
  #link: LineClient | undefined;
  #backoff = Backoff.first;
  #connectedAtMs = 0;
  #timer: Timer | undefined;
  #connecting = false;
  #over = false;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#token = options.token;
  }

  /** Opens the session by token. */
  connect(): void {
    this.#timer?.dispose();
    if (this.#over || this.#connecting || this.#link) return;
    this.#connecting = true;
    this.#options.events.onConnecting();
    void this.#signIn();
  }

  /** Takes over a connection on which the session was opened. */
  adopt(link: LineClient, token: string | undefined): void {
    this.#token = token ?? this.#token;
    this.#link = link;
    this.#connectedAtMs = this.#options.clock.monotonicMs();
    this.#options.events.onConnected(token);
    link.start({ onPush: (push) => this.#pushed(push), onClose: () => this.#lost(link) });
    this.#beat(link);
  }

  /**
   * @param onAnswer called with the answer before anything that the server sent behind it is handed out
   * @returns what the server answered; undefined if there is no connection or it was lost before the answer
   */
  async request<Params extends object, Answer>(
    declaration: Declaration<string, Params, Answer>,
    params: Params,
    onAnswer?: (answer: ReadAnswer<Answer>) => void,
  ): Promise<ReadAnswer<Answer> | undefined> {
    const link = this.#link;
    const answer = await link?.request(declaration, params, { timeoutMs: answerMs }, onAnswer);
    // The session ended by silence (this machine slept) though the connection stands: the token opens it again [P-4.9].
    if (answer?.ok === false && answer.code === "not_authenticated" && this.#link === link) {
      this.interrupt(sessionLapsed(this.#options.address));
    }
    return answer;
  }

  /** For the one answer that is not shaped like the others. */
  async requestRaw(type: string): Promise<JsonObject | undefined> {
    return await this.#link?.requestRaw(type, {}, { timeoutMs: answerMs });
  }

  /** Drops the connection, so that the server keeps what comes; it is opened again after a wait. */
  interrupt(reason: string): void {
    const link = this.#link;
    if (!link) return;
    this.#link = undefined;
    link.destroy(new Error(reason));
    this.#retryLater(reason);
  }

  /** Ends the session at the server, as far as it can be reached, and the link in any case. */
  async logout(): Promise<void> {
    const link = this.#link;
    this.#end();
    await link?.request(logout, {}, { timeoutMs: logoutMs });
    link?.close();
  }

  /** Closes the connection; the session at the server lives on for its time. Idempotent. */
  dispose(): void {
    const link = this.#link;
    this.#end();
    link?.close();
  }

  #end(): void {
    this.#over = true;
    this.#timer?.dispose();
    this.#link = undefined;
  }

  async #signIn(): Promise<void> {
    const { door, address, user, client, events } = this.#options;
    const found = await signInAt(door, address, { user, token: this.#token ?? "" }, client);
    this.#connecting = false;
    if (this.#over) {
      if (found.ok) found.link.close();
      return;
    }
    if (found.ok) {
      this.adopt(found.link, found.token);
      return;
    }
    if (!found.reached || errorTable[found.code].retryable) {
      this.#retryLater(found.reason, found.distrust);
      return;
    }
    this.#end();
    events.onEnded({ elsewhere: false, reason: sessionEnded(address), code: found.code });
  }

  #pushed(push: Push): void {
    // What still comes while it is being closed belongs to nobody here; the server keeps it.
    if (this.#over) return;
    if (push.type !== killPush.type) {
      this.#options.events.onPush(push);
      return;
    }
    push.accept();
    const read = killPush.params.read(push.body, "");
    const link = this.#link;
    this.#end();
    link?.close();
    const reason = read instanceof Invalid ? sessionEnded(this.#options.address) : read.reason;
    this.#options.events.onEnded({ elsewhere: true, reason });
  }

  #lost(link: LineClient): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#timer?.dispose();
    if (this.#options.clock.monotonicMs() - this.#connectedAtMs >= steadyMs) this.#backoff = Backoff.first;
    this.#retryLater(connectionLost(this.#options.address));
  }

  #retryLater(reason: string, distrust?: Distrust): void {
    const { clock, random, events } = this.#options;
    const { delayMs, policy } = this.#backoff.next(random());
    this.#backoff = policy;
    this.#timer?.dispose();
    this.#timer = clock.setTimer(delayMs, () => this.connect());
    events.onUnreachable(reason, clock.nowMs() + delayMs, distrust);
  }

  #beat(link: LineClient): void {
    this.#timer?.dispose();
    this.#timer = this.#options.clock.setTimer(heartbeatMs, () => {
      void this.request(alive, {});
      if (this.#link === link) this.#beat(link);
    });
  }
}
