// The way to one recipient, which keeps the promise of [P-5]. While the mailbox is empty and the recipient can be reached,
// letters go straight; the sender hears `delivered` when the recipient has one. Once a letter was not taken, it and all
// behind it go to the mailbox (`queued`), and so does everything later until the mailbox was drained: order is kept
// because there is one way at a time. Owns no timer: `sweep` is called about twice a second.

import { errorTable, failure } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/frame.ts";
import type { JsonObject } from "../../protocol/frame.ts";
import { limits } from "../../protocol/limits.ts";
import { readRefusal } from "../../protocol/messages/envelope.ts";
import { delivered, queued } from "./answer.ts";
import type { Receipt } from "./answer.ts";
import type { Counters } from "./counters.ts";
import { Flight } from "./flight.ts";
import type { Parcel } from "./flight.ts";
import type { Outlet } from "./outlet.ts";
import type { Account, Clock, Letter, Log, Mailbox, Written } from "./ports.ts";

export interface LaneWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly mailbox: Mailbox;
  readonly counters: Pick<Counters, "messages" | "pushesUnanswered">;
  /** Greater than every one before, over all lanes. */
  nextPushId(): number;
}

/** Letters of the mailbox that are under way at once, and their size in UTF-16 units: well below what ends a link [P-8.3]. */
const drainWindow = { messages: 64, size: 256 * 1_024 };
/** Broadcasts that wait behind the mailbox; beyond it they do not reach this recipient. */
const maxHeld = 256;

export class Lane {
  readonly account: Account;
  readonly #world: LaneWorld;
  readonly #flight = new Flight();
  #outlet: Outlet | undefined;
  /** Appends to the mailbox that are not committed yet. */
  #appending = 0;
  /** The last letter of the mailbox that was handed out. */
  #cursor = 0;
  /** The mailbox may hold letters after the cursor. */
  #backlog = true;
  /** Monotonic time before which the recipient is not tried again. */
  #pausedUntilMs = 0;
  #held: { readonly id: number; readonly line: string }[] = [];

  constructor(account: Account, world: LaneWorld) {
    this.account = account;
    this.#world = world;
  }

  /** Nothing is under way and nobody listens: the lane can be made anew when it is needed. */
  get idle(): boolean {
    return !this.#outlet && this.#appending === 0 && this.#flight.count === 0;
  }

  /** Messages that were pushed and not taken yet. */
  get underWay(): number {
    return this.#flight.count;
  }

  /** The recipient is reached this way from now on. Its mailbox is handed out from the monotonic time `drainMs` on. */
  attach(outlet: Outlet, drainMs = 0): void {
    this.detach();
    this.#outlet = outlet;
    this.#pausedUntilMs = drainMs;
    const empty = this.#appending === 0 && this.#read({ messages: 1, bytes: 1 })?.length === 0;
    if (empty) this.#backlog = false;
    else this.#drain();
  }

  /** The way is gone. What was not taken goes to the mailbox. */
  detach(): void {
    if (!this.#outlet) return;
    this.#outlet = undefined;
    this.#held = [];
    this.#setBack();
  }

  /** The account is gone: nothing of it can be stored any more. */
  end(): void {
    this.#outlet = undefined;
    this.#held = [];
    for (const parcel of this.#flight.clear()) parcel.receipt?.answer(failure("no_such_user"));
  }

  /** The receipt hears `delivered`, `queued`, `mailbox_full`, `unavailable`, or what the recipient refused it with. */
  offer(letter: Letter, receipt: Receipt): void {
    if (this.#outlet && !this.#backlog) this.#push(this.#outlet, letter, 0, receipt);
    else this.#store(letter, receipt);
  }

  /** A push that is not stored (a broadcast), in its place among the letters. @returns whether it was accepted */
  pass(id: number, line: string): boolean {
    if (!this.#outlet) return false;
    if (this.#backlog) {
      if (this.#held.length >= maxHeld) return false;
      this.#held.push({ id, line });
    } else {
      this.#outlet.push(id, line);
    }
    return true;
  }

  /** The recipient answered the push of that id [P-5.1]. */
  answered(id: number, body: JsonObject): void {
    if (this.#outlet?.acks !== true) return;
    const parcel = this.#flight.take(id);
    if (!parcel) return;
    if (body["result"] === "ok") {
      this.#delivered(parcel);
      this.#drain();
      return;
    }
    const refused = readRefusal(body);
    if (this.#outlet.final && !errorTable[refused.code].retryable) {
      // Asking again would not help. What is in the mailbox was promised: it stays there for another device.
      parcel.receipt?.answer(failure(refused.code, refused.reason.slice(0, 256)));
      this.#drain();
      return;
    }
    this.#world.log.warn("push_refused", { user: this.account.name, code: refused.code });
    this.#setBack([parcel]);
    this.#pause();
  }

  /** Every line up to that mark has left [P-5.5]. */
  taken(mark: number): void {
    if (this.#outlet?.acks !== false) return;
    for (let parcel = this.#flight.takeMarked(mark); parcel; parcel = this.#flight.takeMarked(mark)) {
      this.#delivered(parcel);
    }
    this.#drain();
  }

  /** The outlet could not reach the recipient; it is tried again later. */
  failed(): void {
    this.#setBack();
    this.#pause();
  }

  sweep(nowMs: number): void {
    if (this.#backlog && this.#pausedUntilMs <= nowMs) this.#drain();
    const oldest = this.#flight.oldest;
    if (!oldest || nowMs - oldest.sentMs < limits.acknowledgementMs) return;
    this.#world.counters.pushesUnanswered += this.#flight.count;
    this.#world.log.info("push_unanswered", { user: this.account.name, under_way: this.#flight.count });
    const outlet = this.#outlet;
    if (outlet?.acks === false) outlet.abandon();
    this.#setBack();
    this.#drain();
  }

  #push(outlet: Outlet, letter: Letter, seq: number, receipt: Receipt | undefined): void {
    const id = this.#world.nextPushId();
    const { from, mid, ts, msg, ref } = letter;
    const line = encodeFrame({ type: "message", id, from, to: this.account.name, msg, mid, ts, ref });
    const mark = outlet.carry(id, line);
    const sentMs = this.#world.clock.monotonicMs();
    this.#flight.add({ letter, seq, receipt, id, mark, size: line.length, sentMs, settled: false });
  }

  #delivered(parcel: Parcel): void {
    this.#world.counters.messages[parcel.seq > 0 ? "fetched" : "delivered"] += 1;
    if (parcel.seq > 0) this.#world.mailbox.remove(this.account.id, parcel.seq);
    parcel.receipt?.answer(delivered);
  }

  #store(letter: Letter, receipt: Receipt): void {
    const stored = (written: Written) => {
      this.#appending -= 1;
      if (written === "written") this.#world.counters.messages.queued += 1;
      receipt.answer(written === "written" ? queued : failure("unavailable"));
      this.#drain();
    };
    this.#backlog = true;
    this.#appending += 1;
    if (this.#world.mailbox.append(this.account.id, letter, { stored })) return;
    this.#appending -= 1;
    receipt.answer(failure("mailbox_full"));
  }

  /** Nothing under way counts any more: to the mailbox with it, in order, and from there again. */
  #setBack(first: readonly Parcel[] = []): void {
    this.#outlet?.reset();
    this.#cursor = 0;
    this.#backlog = true;
    for (const parcel of [...first, ...this.#flight.clear()].sort((a, b) => a.id - b.id)) {
      if (parcel.receipt) this.#store(parcel.letter, parcel.receipt);
    }
  }

  #pause(): void {
    this.#pausedUntilMs = this.#world.clock.monotonicMs() + limits.acknowledgementMs;
  }

  /** Hands out the mailbox, a window at a time. Finished when it is empty and nothing is on its way into it. */
  #drain(): void {
    while (this.#outlet && this.#backlog && this.#pausedUntilMs <= this.#world.clock.monotonicMs()) {
      const messages = drainWindow.messages - this.#flight.count;
      if (messages * 2 < drainWindow.messages || this.#flight.size > drainWindow.size / 2) return;
      const letters = this.#read({ messages, bytes: drainWindow.size - this.#flight.size });
      if (!letters) return;
      for (const letter of letters) {
        this.#cursor = letter.seq;
        this.#push(this.#outlet, letter, letter.seq, undefined);
      }
      if (letters.length > 0) continue;
      if (this.#appending > 0) return;
      this.#backlog = false;
      for (const { id, line } of this.#held.splice(0)) this.#outlet.push(id, line);
    }
  }

  #read(bounds: { messages: number; bytes: number }): ReturnType<Mailbox["read"]> | undefined {
    try {
      return this.#world.mailbox.read(this.account.id, this.#cursor, bounds);
    } catch (error) {
      this.#world.log.error("mailbox_unreadable", { user: this.account.name, error: String(error) });
      this.#pause();
      return undefined;
    }
  }
}
