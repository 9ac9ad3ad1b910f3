// What is sent to one recipient on one channel, from `attach` until its end: what is in flight, what comes back, and
// whether anything does. A channel is reliable, so nothing is pushed twice on it. A message whose recipient is silent for
// 10 s is stored and stays in flight; its acknowledgement removes it from the mailbox, however late it comes [P-5.2].

import { errorTable, failure } from "../../../protocol/errors.ts";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { readRefusal } from "../../../protocol/wire/envelope.ts";
import { delivered } from "../requests/answer.ts";
import type { Responder } from "../requests/answer.ts";
import type { Counters } from "../counters.ts";
import type { Account, Appended, Clock, QueuedMessage, Log } from "../ports.ts";
import { appendAnswer } from "./append-answer.ts";
import type { BroadcastCount } from "./broadcast-count.ts";
import { InFlight, inFlightLetter, tell } from "./in-flight.ts";
import type { InFlightLetter, InFlightMessage, Sent } from "./in-flight.ts";
import type { Load, MailboxDrain } from "./mailbox-drain.ts";
import { Progress } from "./progress.ts";
import type { PushChannel } from "./push-channel.ts";
import { broadcastLineTo, messageLine, windowBytes } from "./push-line.ts";
import type { BroadcastLine } from "./push-line.ts";
import { Unconfirmed } from "./unconfirmed.ts";

export interface TransmissionContext {
  readonly account: Account;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Pick<Counters, "messages" | "pushesUnanswered">;
  readonly drain: Pick<MailboxDrain, "accepted" | "refused" | "remove" | "pause">;
  nextPushId(): number;
  append(letter: QueuedMessage, done: (appended: Appended) => void): void;
  /** It could not be stored, although its sender was told that it had arrived. */
  owe(letter: QueuedMessage): void;
}

/** No sender waits longer than this, however slowly the line goes on: clients wait for 30 s. */
const longestWaitMs = 2 * limits.acknowledgementMs;

export class Transmission {
  readonly channel: PushChannel;
  readonly #acks: boolean;
  readonly #context: TransmissionContext;
  readonly #inFlight = new InFlight();
  /** Created when it is needed, like the fields below: most sessions are idle. */
  #unconfirmed: Unconfirmed | undefined;
  /** Seqs of what the client was sent from the mailbox and has not settled. */
  #seqsOut: Set<number> | undefined;
  readonly #attachedMs: number;
  /** The client answered a push, so it reads them. */
  #reads = false;
  /** There may be a pushed message that is not in the mailbox. */
  #unstored = false;
  /** Pushed messages that are being appended to the mailbox. */
  #storing = 0;
  readonly #progress: Progress;
  /** Id of the newest push that was acknowledged. */
  #acknowledgedId = 0;
  #over = false;

  constructor(channel: PushChannel, context: TransmissionContext) {
    this.channel = channel;
    this.#acks = channel.acks;
    this.#context = context;
    this.#attachedMs = this.#nowMs();
    this.#progress = new Progress(this.#attachedMs);
  }

  /** Whether it is this channel, and the client still acknowledges as before. */
  isOn(channel: PushChannel): boolean {
    return this.channel === channel && this.#acks === channel.acks;
  }

  get window(): Pick<InFlight, "count" | "bytes"> {
    return this.#inFlight;
  }

  get stalled(): boolean {
    return this.#progress.stalled;
  }

  /** One more message may be pushed. */
  get hasRoom(): boolean {
    return this.#progress.open && Math.max(this.#inFlight.bytes, this.channel.unsentBytes) < limits.linkWindowBytes;
  }

  /** What counts against the window of the mailbox; undefined while nothing of it may be pushed. */
  load(): Load | undefined {
    // The seq of a message that is being appended is not known yet.
    if (!this.#progress.open || this.#storing > 0) return undefined;
    const bytes = Math.max(this.#inFlight.bytes, this.channel.unsentBytes);
    return { messages: this.#progress.stalled ? 0 : this.#inFlight.count, bytes, one: this.#progress.stalled };
  }

  /** The client was already sent the message with that seq, and has not settled it. */
  isOut(seq: number): boolean {
    return this.#seqsOut?.has(seq) === true;
  }

  /** @param seq its seq in the mailbox, or 0. @param sinceMs monotonic time since when its sender waits */
  pushLetter(letter: QueuedMessage, seq: number, responder?: Responder, sinceMs = 0): void {
    const id = this.#context.nextPushId();
    const sent = this.#send(id, messageLine(id, letter, this.#context.account));
    if (seq > 0) this.#noteOut(seq);
    else this.#unstored = true;
    this.#inFlight.add(inFlightLetter(sent, letter, seq, responder, sinceMs));
  }

  pushBroadcast(line: BroadcastLine, count: BroadcastCount): void {
    const id = this.#context.nextPushId();
    const text = broadcastLineTo(line, id, this.#context.account);
    this.#inFlight.add({ kind: "broadcast", count, ...this.#send(id, text) });
  }

  #send(id: number, line: string): Sent {
    this.#progress.pushed();
    const mark = this.channel.carry(id, line);
    const order = this.channel.pushes;
    return { id, mark, order, bytes: windowBytes(line), sentMs: this.#nowMs(), inWindow: true };
  }

  // Answers.

  /** The recipient answered the push of that id [P-5.1]. */
  answered(id: number, body: JsonObject): void {
    if (!this.#acks) {
      this.#reads ||= this.channel.final;
      this.#settle(this.#unconfirmed?.confirm(id));
      return;
    }
    const message = this.#inFlight.take(id);
    if (!message) return;
    this.#progress.made(this.#nowMs());
    if (body["result"] === "ok") {
      this.#acknowledgedId = Math.max(this.#acknowledgedId, id);
      this.#accepted(message);
    } else if (message.kind === "broadcast") {
      message.count.settle(false);
    } else {
      this.#refused(message, body);
    }
  }

  /** The client answers pushes without id, and has answered this many on its link [P-2.2]. */
  answeredInOrder(order: number): void {
    if (this.#acks) return;
    this.#reads = true;
    this.#settle(this.#unconfirmed?.confirmInOrder(order));
  }

  /** Every line up to that mark has left [P-5.5]. */
  flushed(mark: number): void {
    if (this.#acks) return;
    for (let message = this.#inFlight.takeMarked(mark); message; message = this.#inFlight.takeMarked(mark)) {
      this.#progress.made(this.#nowMs());
      this.#taken(message);
    }
  }

  /** The recipient has it on disk. */
  #accepted(message: InFlightMessage): void {
    if (message.kind === "broadcast") {
      message.count.settle(true);
      return;
    }
    this.#countTaken(message);
    this.#context.drain.accepted(message.seq);
    this.#settle([message]);
    tell(message, delivered);
  }

  /** The link of a client without `acks` took it. */
  #taken(message: InFlightMessage): void {
    if (message.kind === "broadcast") {
      message.count.settle(true);
      return;
    }
    this.#countTaken(message);
    const nowMs = this.#nowMs();
    const isDoubtful = message.seq > 0 || (!this.#reads && nowMs - this.#attachedMs < limits.settledMs);
    // On a callback channel each push has a connection of its own, and was read.
    if (this.channel.final && isDoubtful) {
      this.#unconfirmed ??= new Unconfirmed();
      this.#settle(this.#unconfirmed.add(message, nowMs));
    } else this.#settle([message]);
    tell(message, delivered);
  }

  #countTaken({ seq }: InFlightLetter): void {
    this.#context.counters.messages[seq > 0 ? "fetched" : "delivered"] += 1;
  }

  /** Their recipient has them: they leave the mailbox, however they got there. */
  #settle(letters: readonly InFlightLetter[] = []): void {
    for (const letter of letters) {
      letter.fate = "accepted";
      letter.letter = undefined;
      // While it is being appended its seq is not known: see `#stored`.
      if (letter.seq === 0) continue;
      this.#seqsOut?.delete(letter.seq);
      this.#context.drain.remove(letter.seq);
    }
  }

  /** The client's own sentence is not passed on: the sender would take it for the server's. */
  #refused(message: InFlightLetter, body: JsonObject): void {
    const { code } = readRefusal(body);
    message.fate = "refused";
    message.refusal = code;
    // Its sender is answered when it is stored.
    if (message.storing) return;
    if (message.seq > 0) {
      this.#seqsOut?.delete(message.seq);
      this.#context.drain.refused(message.seq, code);
    } else if (!errorTable[code].retryable || !message.letter) {
      tell(message, failure("refused"));
    } else {
      // Everything behind it waits until it is known whether this message is the cause.
      this.#context.drain.pause();
      this.#store(message);
    }
  }

  // What waits for too long.

  /** @returns false if the channel has to be given up */
  sweep(nowMs: number): boolean {
    this.#settle(this.#unconfirmed?.sweep(nowMs));
    this.#leaveOut(nowMs);
    const { oldest } = this.#inFlight;
    if (!oldest) return true;
    const progress = this.#progress.check(nowMs, oldest.sentMs);
    const silent = progress !== "going";
    if (progress === "stalls") this.#noteStall();
    if (silent && !this.#acks) return false;
    for (const message of this.#inFlight) {
      if (nowMs - message.sentMs < limits.acknowledgementMs) break;
      if (message.kind === "letter" && (silent || nowMs - message.sinceMs >= longestWaitMs)) this.#store(message);
    }
    return true;
  }

  #noteStall(): void {
    const { account, counters, log } = this.#context;
    counters.pushesUnanswered += this.#inFlight.count;
    log.info("push_unanswered", { user: account.name, in_flight: this.#inFlight.count });
  }

  /** Clients acknowledge in order. A skipped message may still be acknowledged, but others need not wait for it. */
  #leaveOut(nowMs: number): void {
    for (let { oldest } = this.#inFlight; oldest; { oldest } = this.#inFlight) {
      if (oldest.id > this.#acknowledgedId || nowMs - oldest.sentMs < limits.acknowledgementMs) return;
      this.#inFlight.leaveOut(oldest);
      if (oldest.kind === "letter") this.#store(oldest);
      else oldest.count.settle(false);
    }
  }

  // What goes to the mailbox.

  /** Stores everything that is in flight and not in the mailbox: what is appended after this was sent later. */
  storeAll(): void {
    if (!this.#unstored) return;
    this.#unstored = false;
    for (const letter of this.#unconfirmed?.unstored() ?? []) this.#store(letter);
    for (const message of this.#inFlight) if (message.kind === "letter") this.#store(message);
  }

  /** Its sender gets `queued`. It stays in flight, and a late acknowledgement removes it from the mailbox. */
  #store(message: InFlightLetter): void {
    const { letter } = message;
    if (!letter || message.storing) return;
    message.storing = true;
    this.#storing += 1;
    this.#context.append(letter, (appended) => {
      message.storing = false;
      this.#storing -= 1;
      // A client without `acks` may not have read it: it comes back when its link closes.
      const isOwed = appended.kind === "failed" && !message.responder && message.fate === "open";
      if (isOwed && this.#over) this.#context.owe(letter);
      if (!isOwed) message.letter = undefined;
      if ("seq" in appended) this.#stored(message, appended.seq);
      else this.#inFlight.forgetLeftOut(message.id);
      tell(message, appendAnswer(appended));
    });
  }

  #stored(message: InFlightLetter, seq: number): void {
    message.seq = seq;
    if (message.fate === "accepted") this.#context.drain.remove(seq);
    else if (this.#over) return;
    else if (message.fate === "refused") this.#context.drain.refused(seq, message.refusal ?? "internal");
    else this.#noteOut(seq);
  }

  #noteOut(seq: number): void {
    this.#seqsOut ??= new Set();
    this.#seqsOut.add(seq);
  }

  /** Nothing in flight counts any more. @returns all of it, in order */
  end(): InFlightMessage[] {
    this.#over = true;
    this.#unstored = false;
    return [...(this.#unconfirmed?.clear() ?? []), ...this.#inFlight.clear()];
  }

  #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }
}
