// The queue of one recipient, which keeps the promises of [P-5]. While the mailbox is empty and the channel's window has
// room, messages are pushed at once, and the sender gets `delivered` when the recipient has one (transmission.ts). What
// does not fit waits in memory for a moment. What waits too long, and everything for a recipient who is offline, goes to
// the mailbox (`queued`). From then on everything later goes behind it until the mailbox has been handed out
// (mailbox-drain.ts), so there is one order. A message that is appended comes after all that were sent before it, so those
// still in flight are stored first. Owns no timer: `sweep` is called about twice a second.

import { failure } from "../../../protocol/errors.ts";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import { limits } from "../../../protocol/limits.ts";
import type { Responder } from "../requests/answer.ts";
import type { Account, Appended, QueuedMessage } from "../ports.ts";
import { appendAnswer } from "./append-answer.ts";
import type { BroadcastCount } from "./broadcast-count.ts";
import { tell } from "./in-flight.ts";
import { MailboxDrain } from "./mailbox-drain.ts";
import type { DrainContext } from "./mailbox-drain.ts";
import { OwedLetters } from "./owed-letters.ts";
import type { PushChannel } from "./push-channel.ts";
import type { BroadcastLine } from "./push-line.ts";
import { Transmission } from "./transmission.ts";
import type { TransmissionContext } from "./transmission.ts";
import { WaitingMessages } from "./waiting-messages.ts";

export interface QueueContext extends DrainContext, Pick<TransmissionContext, "counters"> {
  /** Greater than every earlier one, across all queues. */
  nextPushId(): number;
}

export class RecipientQueue {
  readonly account: Account;
  readonly #context: QueueContext;
  readonly #drain: MailboxDrain;
  readonly #waiting = new WaitingMessages();
  readonly #owed = new OwedLetters();
  /** On the current channel. */
  #transmission: Transmission | undefined;

  constructor(account: Account, context: QueueContext) {
    this.account = account;
    this.#context = context;
    this.#drain = new MailboxDrain(account, context, {
      load: () => this.#transmission?.load(),
      isOut: (seq) => this.#transmission?.isOut(seq) === true,
      push: (letter) => this.#transmission?.pushLetter(letter, letter.seq),
      advance: () => this.#advance(),
    });
  }

  /** Nothing is in progress and nobody listens: the queue can be dropped, and created again when it is needed. */
  get idle(): boolean {
    return !this.#transmission && !this.#drain.busy && this.#owed.empty;
  }

  /** Messages that were pushed and not taken yet. */
  get inFlightCount(): number {
    return this.#transmission?.window.count ?? 0;
  }

  /** Of these messages. */
  get inFlightBytes(): number {
    return this.#transmission?.window.bytes ?? 0;
  }

  /**
   * The recipient is reached by this channel from now on. Its mailbox is handed out from the monotonic time `drainMs` on.
   */
  attach(channel: PushChannel, drainMs = 0): void {
    if (this.#transmission?.isOn(channel) === true) return;
    this.detach();
    this.#transmit(channel, drainMs);
    this.#advance();
  }

  /** The channel is gone. What was not taken goes to the mailbox. */
  detach(): void {
    const transmission = this.#transmission;
    if (!transmission) return;
    this.#transmission = undefined;
    transmission.channel.reset();
    this.#giveBack(transmission);
    this.#waiting.dropBroadcasts();
  }

  /** The account is gone: nothing can be stored for it any more. */
  end(): void {
    const gone = failure("no_such_user");
    const sent = this.#transmission?.end() ?? [];
    const waiting = this.#waiting.takeLetters();
    this.#owed.take();
    this.#transmission = undefined;
    for (const message of sent) {
      if (message.kind === "letter") tell(message, gone);
      else message.count.settle(false);
    }
    for (const { responder } of waiting) responder.answer(gone);
    this.#waiting.dropBroadcasts();
  }

  /** The responder gets `delivered`, `queued`, `mailbox_full`, `unavailable`, `refused` or `no_such_user`. */
  offer(letter: QueuedMessage, responder: Responder): void {
    const transmission = this.#transmission;
    const mayWait = (!this.#drain.open || this.#drain.closing) && this.#owed.empty;
    if (transmission && !transmission.stalled && mayWait) {
      const sinceMs = this.#context.clock.monotonicMs();
      if (!this.#drain.open && this.#waiting.empty && transmission.hasRoom) {
        transmission.pushLetter(letter, 0, responder, sinceMs);
        return;
      }
      if (this.#waiting.add({ kind: "letter", letter, responder, sinceMs })) return;
    }
    this.#spill();
    this.#store(letter, responder);
  }

  /** Sends a broadcast in its place among the messages. It is not stored, and may not reach everyone [P-4.3]. */
  pass(line: BroadcastLine, count: BroadcastCount): void {
    const transmission = this.#transmission;
    if (!transmission) return;
    count.expect();
    const atOnce = !this.#drain.open && this.#waiting.empty && transmission.hasRoom;
    if (atOnce) transmission.pushBroadcast(line, count);
    else if (!this.#waiting.add({ kind: "broadcast", line, count })) count.settle(false);
  }

  /** The recipient answered the push of that id [P-5.1]. */
  answered(id: number, body: JsonObject): void {
    this.#transmission?.answered(id, body);
    this.#advance();
  }

  /** The client answers pushes without id, and has answered this many on its link [P-2.2]. */
  answeredInOrder(order: number): void {
    this.#transmission?.answeredInOrder(order);
  }

  /** Every line up to that mark has left [P-5.5]: there may be room again. */
  flushed(mark: number): void {
    this.#transmission?.flushed(mark);
    this.#advance();
  }

  /** The recipient could not be reached this way; it is tried again later. */
  failed(): void {
    const transmission = this.#transmission;
    if (!transmission) return;
    const { channel } = transmission;
    channel.reset();
    this.#transmit(channel, this.#context.clock.monotonicMs() + limits.acknowledgementMs);
    this.#giveBack(transmission);
  }

  sweep(nowMs: number): void {
    if (this.#transmission?.sweep(nowMs) === false) this.#giveUp(this.#transmission.channel);
    const { letterSinceMs } = this.#waiting;
    const waits = letterSinceMs !== undefined && nowMs - letterSinceMs >= limits.acknowledgementMs;
    if (waits || this.#owed.isDue(nowMs)) this.#spill();
    this.#drain.sweep();
    this.#advance();
  }

  #transmit(channel: PushChannel, drainMs: number): void {
    const { account } = this;
    const { clock, log, counters } = this.#context;
    this.#drain.startOver(drainMs);
    this.#transmission = new Transmission(channel, {
      ...{ account, clock, log, counters, drain: this.#drain },
      nextPushId: () => this.#context.nextPushId(),
      append: (letter, done) => this.#append(letter, done),
      owe: (letter) => this.#owed.add(letter, this.#context.clock.monotonicMs()),
    });
  }

  #giveUp(channel: PushChannel): void {
    channel.abandon();
    if (!channel.final) this.failed();
  }

  /** Pushes what may be pushed now. */
  #advance(): void {
    if (this.#drain.open) this.#drain.advance();
    else this.#pushWaiting();
  }

  #pushWaiting(): void {
    while (this.#transmission?.hasRoom === true && !this.#drain.open) {
      const next = this.#waiting.shift();
      if (!next) return;
      if (next.kind === "letter") this.#transmission.pushLetter(next.letter, 0, next.responder, next.sinceMs);
      else this.#transmission.pushBroadcast(next.line, next.count);
    }
  }

  /** Stores what waits in memory, in order, behind what is in flight. Broadcasts wait behind it. */
  #spill(): void {
    for (const letter of this.#owed.take()) this.#return(letter);
    this.#transmission?.storeAll();
    for (const { letter, responder } of this.#waiting.takeLetters()) this.#store(letter, responder);
  }

  #store(letter: QueuedMessage, responder: Responder): void {
    this.#append(letter, (appended) => responder.answer(appendAnswer(appended)));
  }

  /** Stores a message whose sender was told that it had arrived. */
  #return(letter: QueuedMessage): void {
    this.#append(letter, ({ kind }) => {
      if (kind === "failed") this.#owed.add(letter, this.#context.clock.monotonicMs());
    });
  }

  #append(letter: QueuedMessage, done: (appended: Appended) => void): void {
    this.#drain.append(letter, (appended) => {
      if (appended.kind === "stored") this.#context.counters.messages.queued += 1;
      done(appended);
      this.#advance();
    });
  }

  /** The transmission is over: what was in flight goes to the mailbox, in order. */
  #giveBack(transmission: Transmission): void {
    const sent = transmission.end();
    for (const message of sent) {
      if (message.kind === "broadcast" || !message.letter || message.storing) continue;
      if (message.responder) this.#store(message.letter, message.responder);
      else this.#return(message.letter);
    }
    for (const { letter, responder } of this.#waiting.takeLetters()) this.#store(letter, responder);
    // A sender who is answered may send more at once, which then comes behind all that.
    for (const message of sent) if (message.kind === "broadcast") message.count.settle(false);
  }
}
