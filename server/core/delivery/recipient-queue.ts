// The way to one recipient, which keeps the promise of [P-5]. While the mailbox is empty and the window of the channel has
// room, letters are pushed at once, and the sender hears `delivered` when the recipient has one. What does not fit waits in
// memory for a moment; what waits too long, and everything for somebody who is not there, goes to the mailbox (`queued`).
// From then on everything later goes behind it until the mailbox was handed out, so there is one order.
//
// A channel is reliable, so nothing is pushed twice on it: a letter whose recipient is silent for 10 s is stored and stays in
// flight, and its acknowledgement takes it out of the mailbox however late it comes. Silence is measured from the last
// progress, because a slow line is not a dead one. Owns no timer: `sweep` is called about twice a second.

import { errorTable, failure } from "../../../protocol/errors.ts";
import type { JsonObject } from "../../../protocol/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import { readRefusal } from "../../../protocol/messages/envelope.ts";
import { delivered, queued } from "../answer.ts";
import type { Answer, Responder } from "../answer.ts";
import type { Counters } from "../counters.ts";
import type { Account, Appended, Clock, Letter, Log, Mailbox, ReadBounds, StoredLetter } from "../ports.ts";
import { Backlog } from "./backlog.ts";
import type { BroadcastCount } from "./broadcast-count.ts";
import { InFlight } from "./in-flight.ts";
import type { InFlightLetter, InFlightMessage } from "./in-flight.ts";
import type { PushChannel } from "./push-channel.ts";
import { broadcastLineTo, messageLine, windowBytes } from "./push-line.ts";
import type { BroadcastLine } from "./push-line.ts";
import { RefusedLetters } from "./refused-letters.ts";
import { Unconfirmed } from "./unconfirmed.ts";
import { WaitingMessages } from "./waiting-messages.ts";

export interface QueueContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly mailbox: Mailbox;
  readonly counters: Pick<Counters, "messages" | "pushesUnanswered">;
  /** Greater than every one before, over all queues. */
  nextPushId(): number;
}

/** Letters of the mailbox that are in flight at once, and their bytes. */
const drainWindow = { messages: 64, bytes: 256 * 1_024 };
/** While it is not known whether the recipient can take anything: one that was refused, and one behind it. */
const probeMessages = 2;
/** A sender is not kept waiting longer than that, however slowly the line goes on: clients wait for 30 s. */
const longestWaitMs = 2 * limits.acknowledgementMs;

export class RecipientQueue {
  readonly account: Account;
  readonly #context: QueueContext;
  readonly #backlog: Backlog;
  readonly #inFlight = new InFlight();
  readonly #waiting = new WaitingMessages();
  readonly #refused = new RefusedLetters();
  readonly #unconfirmed = new Unconfirmed();
  #channel: PushChannel | undefined;
  /** Monotonic time at which the channel was attached. */
  #attachedMs = 0;
  /** The client answered a push on this channel, so it reads them. */
  #reads = false;
  /** Letters in flight that are on their way into the mailbox. */
  #storingInFlight = 0;
  /** Monotonic time before which the mailbox is not handed out. */
  #pausedUntilMs = 0;
  /** Monotonic time at which the recipient took something last. */
  #progressMs = 0;
  /** It took nothing for 10 s: nothing more is pushed before it does. */
  #stalled = false;
  /** The newest push that was acknowledged. */
  #acknowledgedId = 0;

  constructor(account: Account, context: QueueContext) {
    this.account = account;
    this.#context = context;
    this.#backlog = new Backlog(account, context.mailbox);
  }

  /** Nothing is under way and nobody listens: the queue can be made anew when it is needed. */
  get idle(): boolean {
    return !this.#channel && !this.#backlog.busy;
  }

  /** Messages that were pushed and not taken yet. */
  get inFlightCount(): number {
    return this.#inFlight.count;
  }

  /** The recipient is reached this way from now on. Its mailbox is handed out from the monotonic time `drainMs` on. */
  attach(channel: PushChannel, drainMs = 0): void {
    this.detach();
    this.#channel = channel;
    this.#attachedMs = this.#context.clock.monotonicMs();
    this.#reads = false;
    this.#startOver(drainMs);
    this.#advance();
  }

  /** The way is gone. What was not taken goes to the mailbox. */
  detach(): void {
    if (!this.#channel) return;
    this.#channel.reset();
    this.#channel = undefined;
    this.#giveBack();
    this.#waiting.dropBroadcasts();
  }

  /** The account is gone: nothing of it can be stored any more. */
  end(): void {
    this.#channel = undefined;
    const gone = failure("no_such_user");
    for (const message of this.#inFlight.clear()) {
      message.settled = true;
      if (message.kind === "letter") tell(message, gone);
      else message.count.settle(false);
    }
    for (const { responder } of this.#waiting.takeLetters()) responder.answer(gone);
    this.#waiting.dropBroadcasts();
    this.#unconfirmed.clear();
  }

  /** The responder hears `delivered`, `queued`, `mailbox_full`, `unavailable`, `refused` or `no_such_user`. */
  offer(letter: Letter, responder: Responder): void {
    const channel = this.#channel;
    if (!channel || this.#backlog.open || this.#stalled) {
      // What waited in memory came before.
      this.#spill();
      this.#store(letter, responder);
    } else if (this.#waiting.empty && this.#hasRoom(channel)) {
      this.#pushLetter(channel, letter, 0, responder);
    } else if (!this.#waiting.add({ kind: "letter", letter, responder, sinceMs: this.#nowMs() })) {
      this.#spill();
      this.#store(letter, responder);
    }
  }

  /** A broadcast, which is not stored, in its place among the letters. It does not reach everybody [P-4.3]. */
  pass(line: BroadcastLine, count: BroadcastCount): void {
    const channel = this.#channel;
    if (!channel) return;
    count.expect();
    const atOnce = !this.#backlog.open && !this.#stalled && this.#waiting.empty && this.#hasRoom(channel);
    if (atOnce) this.#pushBroadcast(channel, line, count);
    else if (!this.#waiting.add({ kind: "broadcast", line, count })) count.settle(false);
  }

  /** The recipient answered the push of that id [P-5.1]. */
  answered(id: number, body: JsonObject): void {
    const channel = this.#channel;
    if (!channel) return;
    if (!channel.acks) {
      this.#reads ||= channel.final;
      this.#removeAll(this.#unconfirmed.confirm(id));
      return;
    }
    const message = this.#inFlight.take(id);
    if (!message) return;
    this.#progress();
    if (body["result"] === "ok") {
      this.#acknowledgedId = Math.max(this.#acknowledgedId, id);
      this.#accepted(message);
    } else if (message.kind === "broadcast") {
      message.count.settle(false);
    } else {
      this.#refusedBy(channel, message, body);
    }
    this.#advance();
  }

  /** The client answers pushes without id, and has answered so many on its link [P-2.2]. */
  answeredInOrder(order: number): void {
    if (this.#channel?.acks !== false) return;
    this.#reads = true;
    this.#removeAll(this.#unconfirmed.confirmInOrder(order));
  }

  /** Every line up to that mark has left [P-5.5]. */
  flushed(mark: number): void {
    const channel = this.#channel;
    if (channel?.acks === false) {
      for (let message = this.#inFlight.takeMarked(mark); message; message = this.#inFlight.takeMarked(mark)) {
        this.#progress();
        this.#taken(channel, message);
      }
    }
    // There may be room again, whoever took it.
    this.#advance();
  }

  /** The recipient could not be reached this way; it is tried again later. */
  failed(): void {
    this.#channel?.reset();
    this.#giveBack();
    this.#startOver(this.#nowMs() + limits.acknowledgementMs);
  }

  sweep(nowMs: number): void {
    this.#removeAll(this.#unconfirmed.sweep(nowMs));
    this.#findOverdue(nowMs);
    const { first } = this.#waiting;
    if (first?.kind === "letter" && nowMs - first.sinceMs >= limits.acknowledgementMs) this.#spill();
    this.#retryAside(nowMs);
    this.#advance();
  }

  // What is pushed.

  #hasRoom(channel: PushChannel): boolean {
    return Math.max(this.#inFlight.bytes, channel.unsentBytes) < limits.linkWindowBytes;
  }

  /** Pushes what may be pushed now. */
  #advance(): void {
    if (this.#backlog.open) this.#drain();
    else this.#pushWaiting();
  }

  #pushWaiting(): void {
    while (this.#channel && !this.#backlog.open && !this.#stalled && this.#hasRoom(this.#channel)) {
      const next = this.#waiting.shift();
      if (!next) return;
      if (next.kind === "letter") this.#pushLetter(this.#channel, next.letter, 0, next.responder);
      else this.#pushBroadcast(this.#channel, next.line, next.count);
    }
  }

  /** @param seq its place in the mailbox, or 0 */
  #pushLetter(channel: PushChannel, letter: Letter, seq: number, responder: Responder | undefined): void {
    const id = this.#context.nextPushId();
    const line = messageLine(id, letter, this.account);
    this.#inFlight.add({
      kind: "letter",
      letter,
      seq,
      responder,
      storing: false,
      id,
      mark: channel.carry(id, line),
      bytes: windowBytes(line),
      sentMs: this.#pushedMs(),
      settled: false,
      overtaken: false,
    });
  }

  #pushBroadcast(channel: PushChannel, line: BroadcastLine, count: BroadcastCount): void {
    const id = this.#context.nextPushId();
    const text = broadcastLineTo(line, id, this.account);
    this.#inFlight.add({
      kind: "broadcast",
      count,
      id,
      mark: channel.carry(id, text),
      bytes: windowBytes(text),
      sentMs: this.#pushedMs(),
      settled: false,
      overtaken: false,
    });
  }

  /** A channel on which nothing was under way was not silent. */
  #pushedMs(): number {
    const nowMs = this.#nowMs();
    if (this.#inFlight.count === 0) this.#progressMs = nowMs;
    return nowMs;
  }

  // What comes back.

  #progress(): void {
    this.#progressMs = this.#nowMs();
    this.#stalled = false;
  }

  /** The recipient has it on disk. */
  #accepted(message: InFlightMessage): void {
    if (message.kind === "broadcast") {
      message.count.settle(true);
      return;
    }
    this.#context.counters.messages[message.seq > 0 ? "fetched" : "delivered"] += 1;
    if (this.#refused.blocks) {
      this.#refused.accepted(message.seq);
      if (!this.#refused.blocks) this.#pausedUntilMs = 0;
    }
    // While it is on its way into the mailbox, its place there is not known: see `#storeInFlight`.
    if (message.seq > 0) this.#backlog.remove(message.seq);
    tell(message, delivered);
  }

  /** The link of a client without `acks` took it. */
  #taken(channel: PushChannel, message: InFlightMessage): void {
    if (message.kind === "broadcast") {
      message.count.settle(true);
      return;
    }
    const { id, letter, seq } = message;
    this.#context.counters.messages[seq > 0 ? "fetched" : "delivered"] += 1;
    tell(message, delivered);
    const takenMs = this.#nowMs();
    const order = channel.pushes;
    if (!channel.final) {
      // At a port each push has a connection of its own, which was read.
      if (seq > 0) this.#backlog.remove(seq);
    } else if (seq > 0) {
      this.#unconfirmed.add({ id, order, seq, letter: undefined, takenMs });
    } else if (!this.#reads && takenMs - this.#attachedMs < limits.settledMs) {
      this.#unconfirmed.add({ id, order, seq, letter, takenMs });
    }
  }

  #refusedBy(channel: PushChannel, message: InFlightLetter, body: JsonObject): void {
    const { code } = readRefusal(body);
    if (channel.final && !errorTable[code].retryable) {
      // Its own words are not passed on: the sender would take them for the server's.
      tell(message, failure("refused"));
      // What is in the mailbox was promised: it stays there for another device.
      if (message.seq > 0) this.#refused.refusedForGood(message.seq);
      return;
    }
    this.#pausedUntilMs = this.#nowMs() + limits.acknowledgementMs;
    if (message.seq > 0) this.#refusedForNow(message.seq, code);
    else if (!message.storing) {
      this.#append(message.letter, (appended) => {
        tell(message, answerOf(appended));
        if ("seq" in appended && this.#channel === channel) this.#refusedForNow(appended.seq, code);
      });
    }
  }

  /** Everything behind it waits until it is known whether the letter is the cause. */
  #refusedForNow(seq: number, code: string): void {
    const refusals = this.#refused.refused(seq, this.#nowMs());
    if (!this.#refused.isAside(seq)) this.#backlog.rewind(seq);
    // Logged as often as it is tried: less and less.
    this.#context.log.warn("push_refused", { user: this.account.name, code, refusals });
  }

  // What waits for too long.

  #findOverdue(nowMs: number): void {
    const channel = this.#channel;
    if (!channel || this.#inFlight.count === 0) return;
    const silent = nowMs - this.#progressMs >= limits.acknowledgementMs;
    if (silent && !this.#stalled) {
      this.#stalled = true;
      this.#context.counters.pushesUnanswered += this.#inFlight.count;
      this.#context.log.info("push_unanswered", { user: this.account.name, in_flight: this.#inFlight.count });
    }
    if (silent && !channel.acks) {
      channel.abandon();
      if (!channel.final) this.failed();
      return;
    }
    for (const message of this.#inFlight) {
      const ageMs = nowMs - message.sentMs;
      if (ageMs < limits.acknowledgementMs) break;
      // Clients acknowledge in order; this one was left out, and others need not wait for it.
      const leftOut = message.id < this.#acknowledgedId;
      if (leftOut) this.#inFlight.overtake(message);
      if (message.kind === "letter" && (silent || leftOut || ageMs >= longestWaitMs)) this.#storeInFlight(message);
    }
  }

  /** Its sender hears `queued`; it stays in flight, and a late acknowledgement takes it out of the mailbox. */
  #storeInFlight(message: InFlightLetter): void {
    if (message.seq > 0 || message.storing || message.responder === undefined) return;
    const channel = this.#channel;
    message.storing = true;
    this.#storingInFlight += 1;
    this.#append(message.letter, (appended) => {
      message.storing = false;
      this.#storingInFlight -= 1;
      // It was acknowledged meanwhile, or refused for good: its sender knows either way.
      const isOver = message.settled && message.responder === undefined;
      tell(message, answerOf(appended));
      if (!("seq" in appended)) return;
      message.seq = appended.seq;
      if (isOver) this.#backlog.remove(appended.seq);
      else if (message.settled && this.#channel === channel) this.#refusedForNow(appended.seq, "refused");
    });
  }

  /** What waits in memory goes to the mailbox, in order; broadcasts wait behind it. */
  #spill(): void {
    for (const { letter, responder } of this.#waiting.takeLetters()) this.#store(letter, responder);
  }

  // The mailbox.

  #store(letter: Letter, responder: Responder | undefined): void {
    this.#append(letter, (appended) => responder?.answer(answerOf(appended)));
  }

  #append(letter: Letter, done: (appended: Appended) => void): void {
    this.#backlog.append(letter, (appended) => {
      if (appended.kind === "stored") this.#context.counters.messages.queued += 1;
      done(appended);
      this.#advance();
    });
  }

  #startOver(pausedUntilMs: number): void {
    this.#refused.clear();
    this.#acknowledgedId = 0;
    this.#stalled = false;
    this.#progressMs = this.#nowMs();
    this.#pausedUntilMs = pausedUntilMs;
    this.#backlog.startOver();
  }

  /** Nothing that is under way counts any more: to the mailbox with it, in order. */
  #giveBack(): void {
    for (const letter of this.#unconfirmed.clear()) this.#store(letter, undefined);
    for (const message of this.#inFlight.clear()) {
      message.settled = true;
      if (message.kind === "broadcast") message.count.settle(false);
      else if (message.responder && !message.storing) this.#store(message.letter, message.responder);
    }
    this.#spill();
  }

  /** Hands out the mailbox, a window at a time. */
  #drain(): void {
    const channel = this.#channel;
    if (!channel || !this.#mayDrain()) return;
    const bounds = this.#drainBounds(channel);
    if (!bounds) return;
    this.#backlog.next(
      bounds,
      () => this.#channel === channel && this.#mayDrain(),
      (letters) => {
        if (letters === "failed") this.#pausedUntilMs = this.#nowMs() + limits.acknowledgementMs;
        else this.#handOut(channel, letters);
      },
    );
  }

  #mayDrain(): boolean {
    return !this.#stalled && this.#storingInFlight === 0 && this.#pausedUntilMs <= this.#nowMs();
  }

  #drainBounds(channel: PushChannel): ReadBounds | undefined {
    const most = this.#refused.blocks ? probeMessages : drainWindow.messages;
    const messages = most - this.#inFlight.count;
    const bytes = drainWindow.bytes - Math.max(this.#inFlight.bytes, channel.unsentBytes);
    return messages * 2 >= most && bytes * 2 >= drainWindow.bytes ? { messages, bytes } : undefined;
  }

  #handOut(channel: PushChannel, letters: readonly StoredLetter[]): void {
    const known = new Set<number>();
    for (const message of this.#inFlight) if (message.kind === "letter") known.add(message.seq);
    for (const letter of letters) {
      if (!known.has(letter.seq) && !this.#refused.isAside(letter.seq)) {
        this.#pushLetter(channel, letter, letter.seq, undefined);
      }
    }
    this.#advance();
  }

  /** One that stepped aside is tried alone. */
  #retryAside(nowMs: number): void {
    const channel = this.#channel;
    if (!channel || this.#stalled || this.#refused.blocks) return;
    const seq = this.#refused.takeDue(nowMs);
    if (seq === undefined) return;
    this.#backlog.one(seq, (letter) => {
      if (letter && this.#channel === channel) this.#pushLetter(channel, letter, seq, undefined);
    });
  }

  #removeAll(seqs: readonly number[]): void {
    for (const seq of seqs) this.#backlog.remove(seq);
  }

  #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }
}

/** Only the first answer counts. */
function tell(message: InFlightLetter, answer: Answer): void {
  const { responder } = message;
  message.responder = undefined;
  responder?.answer(answer);
}

function answerOf(appended: Appended): Answer {
  if ("seq" in appended) return queued;
  if (appended.kind === "full") return failure("mailbox_full");
  if (appended.kind === "share_full") return failure("mailbox_full", shareFull);
  return failure("unavailable");
}

const shareFull = "Too many of your messages wait for that user already. Try again after they have signed in.";
