// The queue of one recipient on a mailbox in memory, with a channel that a test answers: every push, acknowledgement and
// refusal is one call, and the time stands still until `advance`.

import assert from "node:assert/strict";
import type { JsonObject } from "../../../protocol/wire/frame.ts";
import type { AccountId, MessageId, UserKey, UserName } from "../../../protocol/ids.ts";
import type { Answer } from "../../../server/core/requests/answer.ts";
import { Counters } from "../../../server/core/counters.ts";
import { BroadcastCount } from "../../../server/core/delivery/broadcast-count.ts";
import type { PushChannel } from "../../../server/core/delivery/push-channel.ts";
import { broadcastLine } from "../../../server/core/delivery/push-line.ts";
import { RecipientQueue } from "../../../server/core/delivery/recipient-queue.ts";
import type { Account, QueuedMessage, Log, LogFields } from "../../../server/core/ports.ts";
import { MemoryMailbox } from "./memory-mailbox.ts";
import { MemoryOutcomes } from "./memory-outcomes.ts";

export const bob: Account = {
  id: 2,
  publicId: "bob-1" as AccountId,
  name: "bob" as UserName,
  key: "bob" as UserKey,
};

interface Push {
  readonly id: number;
  readonly text: string;
  readonly bytes: number;
}

export class MemoryChannel implements PushChannel {
  readonly acks: boolean;
  readonly final: boolean;
  readonly sent: Push[] = [];
  /** How many of them have left. */
  taken = 0;
  readonly answered = new Set<number>();
  abandoned = false;
  unsentBytes = 0;
  readonly #flushed: (mark: number) => void;

  constructor(acks: boolean, final: boolean, flushed: (mark: number) => void) {
    this.acks = acks;
    this.final = final;
    this.#flushed = flushed;
  }

  get texts(): string[] {
    return this.sent.map(({ text }) => text);
  }

  /** Pushes without an answer, oldest first. */
  get unanswered(): string[] {
    return this.sent.filter(({ id }) => !this.answered.has(id)).map(({ text }) => text);
  }

  get pushes(): number {
    return this.sent.length;
  }

  carry(id: number, line: string): number {
    const { msg } = JSON.parse(line) as { msg: string };
    this.sent.push({ id, text: textOf(msg), bytes: line.length });
    this.unsentBytes += line.length;
    return this.sent.length;
  }

  /** Lets this many more lines leave. */
  take(lines = this.sent.length - this.taken): void {
    for (const { bytes } of this.sent.slice(this.taken, this.taken + lines)) this.unsentBytes -= bytes;
    this.taken = Math.min(this.sent.length, this.taken + lines);
    this.#flushed(this.taken);
  }

  abandon(): void {
    this.abandoned = true;
  }

  reset(): void {
    this.taken = this.sent.length;
    this.unsentBytes = 0;
  }

  question(): void {}
  withdraw(): void {}
  push(): void {}
}

export class QueueWorld {
  nowMs = 1_000_000;
  readonly disk = { works: true };
  readonly outcomes = new MemoryOutcomes(this.disk);
  readonly mailbox = new MemoryMailbox(this.disk, this.outcomes, () => bob);
  readonly counters = new Counters();
  readonly logged: { event: string; fields: LogFields | undefined }[] = [];
  readonly queue: RecipientQueue;
  /** What senders were told, by text. */
  readonly heard = new Map<string, string[]>();
  #channel: MemoryChannel | undefined;
  #lastPushId = 0;

  constructor() {
    const note: Log["info"] = (event, fields) => this.logged.push({ event, fields });
    this.queue = new RecipientQueue(bob, {
      clock: { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs },
      log: { debug: note, info: note, warn: note, error: note },
      mailbox: this.mailbox,
      counters: this.counters,
      nextPushId: () => (this.#lastPushId += 1),
    });
  }

  get channel(): MemoryChannel {
    assert.ok(this.#channel, "bob is there");
    return this.#channel;
  }

  /** The texts in the mailbox. */
  get stored(): string[] {
    return this.mailbox.texts(bob.id).map(textOf);
  }

  /** Attaches bob on a new link. */
  async attach({ acks = true, final = true, drainMs = 0 } = {}): Promise<MemoryChannel> {
    this.#channel = new MemoryChannel(acks, final, (mark) => this.queue.flushed(mark));
    this.queue.attach(this.#channel, drainMs);
    await this.settle();
    return this.#channel;
  }

  async detach(): Promise<void> {
    this.queue.detach();
    await this.settle();
  }

  /** @param sender by number; @param size of its text */
  offer(text: string, { sender = 1, size = 0, reported = false, then = () => {} } = {}): void {
    const answer = (heard: Answer) => {
      this.#hear(text, heard);
      then();
    };
    this.queue.offer(letterOf(text, sender, size, reported), { answer });
  }

  say(...texts: string[]): void {
    for (const text of texts) this.offer(text);
  }

  /** @param then what its sender does when it is told */
  broadcast(text: string, then: () => void = () => undefined): void {
    const responder = {
      answer: (answer: Answer) => {
        this.#hear(text, answer);
        then();
      },
    };
    const count = new BroadcastCount(responder, this.nowMs + 2_000);
    this.queue.pass(broadcastLine(letterOf(text, 1, 0, false)), count);
    count.complete();
  }

  /** Bob's client acknowledges the latest copy of each. */
  async ack(...texts: string[]): Promise<void> {
    for (const text of texts) this.answer(this.idOf(text), { result: "ok" });
    await this.settle();
  }

  /** Bob's client acknowledges everything that was sent to it on this link. */
  async ackAll(): Promise<void> {
    while (this.channel.unanswered.length > 0) await this.ack(...this.channel.unanswered);
  }

  /** Bob's client refuses the latest copy of that one. */
  async refuse(text: string, code?: string): Promise<void> {
    this.answer(this.idOf(text), {
      result: "no",
      reason: "bob's own words",
      ...(code !== undefined && { code }),
    });
    await this.settle();
  }

  /** Bob's client answers that push, which was sent to it. */
  answer(id: number, body: JsonObject): void {
    const at = this.channel.sent.findIndex((push) => push.id === id);
    if (at >= this.channel.taken) this.channel.take(at + 1 - this.channel.taken);
    this.channel.answered.add(id);
    this.queue.answered(id, body);
  }

  idOf(text: string): number {
    const push = this.channel.sent.findLast((each) => each.text === text);
    assert.ok(push, `${text} was pushed`);
    return push.id;
  }

  /** What the sender of that one was told. */
  outcome(text: string): string | undefined {
    const heard = this.heard.get(text) ?? [];
    assert.ok(heard.length < 2, `${text} is answered once`);
    return heard[0];
  }

  /** Waits until the storage has nothing more to do. */
  async settle(): Promise<void> {
    do await Promise.resolve();
    while (this.mailbox.commit());
  }

  async advance(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs = Math.min(this.nowMs + 500, endMs);
      this.queue.sweep(this.nowMs);
      await this.settle();
    }
  }

  #hear(text: string, answer: Answer): void {
    const heard = this.heard.get(text) ?? [];
    heard.push(describe(answer));
    this.heard.set(text, heard);
  }
}

/** Returns the text without the padding after its first space. */
function textOf(msg: string): string {
  return msg.split(" ")[0] ?? "";
}

function letterOf(text: string, sender: number, size: number, reported: boolean): QueuedMessage {
  return {
    from: `sender${sender}` as UserName,
    sender,
    senderId: `sender-${sender}` as AccountId,
    mid: text as MessageId,
    ts: 0,
    msg: size === 0 ? text : text.padEnd(size, " x"),
    ...(reported && { reported }),
  };
}

function describe(answer: Answer): string {
  if (!answer.ok) {
    assert.equal(answer.reason.includes("bob"), false, "the words of a client are not passed on");
    return answer.code;
  }
  const { delivery, delivered } = (answer.added ?? {}) as { delivery?: string; delivered?: number };
  return delivery ?? `delivered to ${delivered}`;
}
