// The queues of all recipients, and in front of them the memory of what was sent lately. A queue lives while the recipient
// is connected or something is in progress in it; what outlives it is the mailbox on disk.

import { failure } from "../../../protocol/errors.ts";
import type { MessageId } from "../../../protocol/ids.ts";
import { queued } from "../requests/answer.ts";
import type { Responder } from "../requests/answer.ts";
import type { Account, QueuedMessage } from "../ports.ts";
import type { BroadcastCount } from "./broadcast-count.ts";
import { RecentMessages } from "./recent.ts";
import { RecipientQueue } from "./recipient-queue.ts";
import type { QueueContext } from "./recipient-queue.ts";

/** A sender's messages are forgotten after this long, or twice as long, without another message of theirs. */
const ageMs = 10 * 60 * 1_000;
/** No account has this id. */
const everyone = 0;

export class DeliveryRouter {
  readonly #context: QueueContext;
  readonly #queues = new Map<number, RecipientQueue>();
  /** By the id of the sender, then by that of the recipient. P-8.6 bounds how much one sender can make it hold. */
  readonly #recent = new Map<number, Map<number, RecentMessages>>();
  readonly #broadcasts = new Set<BroadcastCount>();
  #ageAtMs = 0;

  constructor(context: QueueContext) {
    this.#context = context;
  }

  queueOf(account: Account): RecipientQueue {
    let queue = this.#queues.get(account.id);
    if (!queue) {
      queue = new RecipientQueue(account, this.#context);
      this.#queues.set(account.id, queue);
    }
    return queue;
  }

  /**
   * @param sender the account of `letter.from`
   * @param chosen the sender chose the `mid`, so it may send the same message again [P-5.4]
   */
  send(sender: number, to: Account, letter: QueuedMessage, chosen: boolean, responder: Responder): void {
    const first = chosen ? this.#recentOf(sender, to.id).once(letter.mid, responder) : responder;
    if (first) this.queueOf(to).offer(letter, first);
  }

  /**
   * For a sender who may send nothing new: a message that was sent before gets the same answer again. Messages that wait in
   * the mailbox are known after a restart too.
   * @param otherwise answers a message that was not sent before
   */
  again(sender: Account, to: Account, mid: MessageId, responder: Responder, otherwise: () => void): void {
    if (this.#recent.get(sender.id)?.get(to.id)?.again(mid, responder) === true) return;
    const { mailbox } = this.#context;
    if (!mailbox.mayHold(to.id)) {
      otherwise();
      return;
    }
    mailbox.holds(to.id, sender.id, mid, (holds) => {
      if (holds === "failed") responder.answer(failure("unavailable"));
      else if (holds) responder.answer(queued);
      else otherwise();
    });
  }

  /** For a broadcast. @returns the responder to deliver it with, or undefined if it was sent before */
  once(sender: number, mid: string, responder: Responder): Responder | undefined {
    return this.#recentOf(sender, everyone).once(mid, responder);
  }

  /** A broadcast that reached nobody. */
  forget(sender: number, mid: string): void {
    this.#recentOf(sender, everyone).forget(mid);
  }

  /** Makes sure that it is answered at its deadline. */
  track(count: BroadcastCount): void {
    if (!count.answered) this.#broadcasts.add(count);
  }

  /** The account is gone. */
  remove(account: number): void {
    this.#queues.get(account)?.end();
    this.#queues.delete(account);
    this.#recent.delete(account);
  }

  /** Stores everything in flight in the mailboxes, because the server stops. */
  close(): void {
    for (const queue of this.#queues.values()) queue.detach();
    for (const count of this.#broadcasts) count.answer();
    this.#broadcasts.clear();
  }

  sweep(nowMs: number): void {
    for (const [id, queue] of this.#queues) {
      queue.sweep(nowMs);
      if (queue.idle) this.#queues.delete(id);
    }
    for (const count of this.#broadcasts) {
      count.sweep(nowMs);
      if (count.answered) this.#broadcasts.delete(count);
    }
    if (nowMs < this.#ageAtMs) return;
    this.#ageAtMs = nowMs + ageMs;
    for (const [sender, byRecipient] of this.#recent) {
      for (const [recipient, recent] of byRecipient) if (recent.age()) byRecipient.delete(recipient);
      if (byRecipient.size === 0) this.#recent.delete(sender);
    }
  }

  #recentOf(sender: number, recipient: number): RecentMessages {
    let byRecipient = this.#recent.get(sender);
    if (!byRecipient) {
      byRecipient = new Map();
      this.#recent.set(sender, byRecipient);
    }
    let recent = byRecipient.get(recipient);
    if (!recent) {
      recent = new RecentMessages();
      byRecipient.set(recipient, recent);
    }
    return recent;
  }
}
