// One link, from its first frame to its end: reads envelopes, keeps the order of answers [P-2.2], knows to whom the link
// belongs [P-3.2], and closes it once it is useless (half-closed and answered, too many bad lines, nobody's). The
// dispatcher knows what a request means.

import { failure } from "../../../protocol/errors.ts";
import type { Failure } from "../../../protocol/errors.ts";
import type { Frame, JsonObject } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { readEnvelope } from "../../../protocol/wire/envelope.ts";
import type { RequestId } from "../../../protocol/wire/envelope.ts";
import type { Answer } from "./answer.ts";
import { PendingRequest } from "./pending-request.ts";
import type { AskOwner, RefusalShape } from "./pending-request.ts";
import { tokensOf } from "../limits/budgets.ts";
import type { Budgets } from "../limits/budgets.ts";
import { ReadGate } from "../limits/read-gate.ts";
import type { TokenBucket } from "../limits/token-bucket.ts";
import { OrderedAnswers } from "./ordered-answers.ts";
import type { Clock, Link, LinkEvents, Log } from "../ports.ts";
import type { Session, SessionLink } from "../sessions/session.ts";

export interface ConnectionContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly budgets: Budgets;
  request(connection: Connection, type: string, id: RequestId | undefined, body: JsonObject): void;
  /** The session's client answered a push; `order` counts its answers without id on this link, from 1. */
  pushAnswered(connection: Connection, id: RequestId | undefined, order: number, body: JsonObject): void;
  refused(connection: Connection, type: string, refused: Failure): void;
  /** The client of the session is alive. */
  alive(connection: Connection): void;
  /** The link no longer carries its session. */
  linkLost(connection: Connection): void;
  closed(connection: Connection): void;
}

const plainRefusal: RefusalShape = { result: "fail" };

export class Connection implements LinkEvents, AskOwner, SessionLink {
  readonly #link: Link;
  readonly #context: ConnectionContext;
  /** Decides whether requests are read from the link. */
  readonly gate: ReadGate;
  #owner: Session | undefined;
  readonly #ordered = new OrderedAnswers();
  readonly #budget: TokenBucket;
  /** Shared by all connections from the same address group. */
  readonly #groupBudget: TokenBucket | undefined;
  /** Somebody has signed in on it, or a token was served on it. */
  #trusted = false;
  /** The last value that was given to the link. */
  #linkTrusted = false;
  /** Answers to pushes that may arrive without being counted. */
  #answersDue = 0;
  #pending = 0;
  #badFrames = 0;
  #pushes = 0;
  #unnamedAnswers = 0;
  /** Monotonic time since when the link belongs to nobody and nothing is in progress on it. */
  #uselessSinceMs: number;
  #finishing = false;
  #closed = false;

  constructor(link: Link, context: ConnectionContext, openedMs: number) {
    this.#link = link;
    this.#context = context;
    this.gate = new ReadGate(link, () => this.#unreadBytes());
    this.#uselessSinceMs = openedMs;
    const nowMs = context.clock.monotonicMs();
    this.#budget = context.budgets.one(nowMs);
    this.#groupBudget = context.budgets.ofGroup(link.address, nowMs);
  }

  get address(): string {
    return this.#link.address;
  }

  get peerKey(): string | undefined {
    return this.#link.peerKey;
  }

  /** The session that authenticated on this link and still has it. */
  get owner(): Session | undefined {
    return this.#owner;
  }

  set owner(session: Session | undefined) {
    this.#owner = session;
    this.#uselessSinceMs = this.#context.clock.monotonicMs();
    if (session) this.#trust();
    else this.#setLinkTrusted(false);
  }

  /** Whether it is encrypted. */
  get secure(): boolean {
    return this.#link.secure;
  }

  get unsentBytes(): number {
    return this.#link.unsentBytes;
  }

  get gone(): boolean {
    return this.#closed;
  }

  /** How many pushes were sent on this link. */
  get pushes(): number {
    return this.#pushes;
  }

  readonly final = true;

  get acks(): boolean {
    return this.#owner?.grant.acks === true;
  }

  carry(_id: number, line: string): number {
    this.#pushes += 1;
    this.#answersDue += 1;
    return this.#link.send(line);
  }

  push(line: string, count = 1): void {
    this.#pushes += count;
    this.#answersDue += count;
    this.#link.send(line);
  }

  question(id: number, line: string): void {
    this.carry(id, line);
  }

  withdraw(): void {
    // As in `reset`.
  }

  reset(): void {
    // What was handed to a link cannot be taken back.
  }

  abandon(): void {
    this.finish();
  }

  frame(frame: Frame): void {
    if (this.#finishing) return;
    if (frame.kind === "object") {
      this.#object(frame.value);
    } else if (frame.kind === "too_large") {
      this.#refuse(undefined, failure("too_large", `A line may have ${frame.limitBytes} bytes here. ${closing}`));
      this.finish();
    } else {
      this.#badFrames += 1;
      this.#refuse(undefined, failure("bad_frame", frame.reason));
      if (this.#badFrames >= limits.maxBadFrames) this.finish();
    }
  }

  /** Empty lines, noise and answers that nobody waits for cost as much as requests. */
  read(lines: number, bytes: number): void {
    const nowMs = this.#context.clock.monotonicMs();
    const free = Math.min(lines, this.#answersDue);
    this.#answersDue -= free;
    const tokens = tokensOf(lines - free, bytes);
    for (const bucket of [this.#budget, this.#groupBudget]) {
      if (bucket?.spend(tokens, nowMs) === false) this.gate.owe(bucket);
    }
    // Its requests are counted as they are served; see `spend`.
    const session = this.#owner?.budget;
    if (session?.spend(tokensOf(0, bytes), nowMs) === false) this.gate.owe(session);
  }

  taken(mark: number): void {
    // A client that is not read from cannot be heard, so taking something counts as a sign of life.
    if (this.gate.closed && this.#owner) this.#context.alive(this);
    this.gate.flushed();
    this.#owner?.queue.flushed(mark);
  }

  ended(): void {
    this.finish();
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#groupBudget) this.#context.budgets.release(this.#link.address);
    this.#context.closed(this);
  }

  /** A request arrived; the returned object will answer it. */
  open(type: string, id: RequestId | undefined, refusal: RefusalShape = plainRefusal): PendingRequest {
    const ask = new PendingRequest(this, type, id, refusal);
    if (id === undefined) this.#ordered.add(ask);
    this.#pending += 1;
    this.gate.count(this.#pending);
    return ask;
  }

  answered(ask: PendingRequest, answer: Answer): void {
    this.#pending -= 1;
    if (!answer.ok) this.#context.refused(this, ask.type, answer);
    if (ask.id !== undefined) this.#send(ask);
    else this.#ordered.answered(ask, (next) => this.#send(next));
    this.gate.count(this.#pending);
    if (this.#finishing && this.#pending === 0) this.#leave();
  }

  /** A request on this link was served for somebody, so the link is not idle [P-8.1]. */
  served(): void {
    this.#uselessSinceMs = this.#context.clock.monotonicMs();
    this.#trust();
  }

  /**
   * Charges a request of that session, wherever it comes from. Beyond the limit, nothing more is read from the link for a
   * while [P-8.6].
   * @returns whether it was within the limit
   */
  spend(session: Session | undefined, tokens = 1): boolean {
    const nowMs = this.#context.clock.monotonicMs();
    if (!session) return this.#budget.isWithin(nowMs);
    if (session.budget.spend(tokens, nowMs)) return true;
    this.gate.owe(session.budget);
    return false;
  }

  /** Accepts no more requests, answers those in progress, then closes; the session has the link until that is done. */
  finish(): void {
    if (this.#finishing) return;
    this.#finishing = true;
    if (this.#pending === 0) this.#leave();
  }

  /** Resumes reading when a budget has recovered [P-8.6]. Closes a link on which nobody authenticated in time [P-8.1]. */
  sweep(nowMs: number): void {
    this.gate.sweep(nowMs);
    if (this.#owner || this.#pending > 0 || nowMs - this.#uselessSinceMs < limits.authenticationMs) return;
    this.finish();
  }

  #setLinkTrusted(trusted: boolean): void {
    if (this.#linkTrusted === trusted) return;
    this.#linkTrusted = trusted;
    this.#link.setTrusted(trusted);
  }

  #trust(): void {
    this.#setLinkTrusted(true);
    if (this.#trusted) return;
    this.#trusted = true;
    this.#context.budgets.trust(this.#budget, this.#context.clock.monotonicMs());
  }

  /** Pushes have windows of their own, and their acknowledgements have to be read while they are in flight. */
  #unreadBytes(): number {
    const pushed = this.#owner?.link === this ? this.#owner.queue.inFlightBytes : 0;
    return Math.max(0, this.#link.unsentBytes - pushed) + this.#ordered.waitingBytes;
  }

  /** The consequences of an answer that was sent must not end the process. */
  #send({ type, line, afterwards }: PendingRequest): void {
    if (line !== undefined) this.#link.send(line);
    try {
      afterwards?.();
    } catch (error) {
      this.#context.log.error("request_failed", { type, error: error instanceof Error ? error.stack : String(error) });
    }
  }

  #object(body: JsonObject): void {
    const envelope = readEnvelope(body);
    if (envelope.kind === "request") {
      this.#context.request(this, envelope.type, envelope.id, body);
    } else if (envelope.kind === "answer") {
      if (envelope.id === undefined) this.#unnamedAnswers += 1;
      this.#context.pushAnswered(this, envelope.id, this.#unnamedAnswers, body);
    } else {
      this.#refuse(envelope.id, failure("bad_request", `${envelope.reason}. See docs/protocol.md.`));
    }
  }

  #refuse(id: RequestId | undefined, refused: Failure): void {
    this.open("", id).answer(refused);
  }

  /** What is in flight on the link may still arrive; if nothing is, the session need not wait for the link's end. */
  #leave(): void {
    if (this.#owner?.queue.inFlightCount === 0) this.#context.linkLost(this);
    this.#link.close();
  }
}

const closing = "The connection is closed.";
