// All lanes, found by their recipient, and the memory of what was sent lately in front of them. A lane lives while somebody
// listens at its end or something is under way in it; the mailbox on disk is what outlives it.

import { failure } from "../../protocol/errors.ts";
import type { MessageId } from "../../protocol/ids.ts";
import { queued } from "./answer.ts";
import type { Receipt } from "./answer.ts";
import { Lane } from "./lane.ts";
import type { LaneWorld } from "./lane.ts";
import type { Account, Letter } from "./ports.ts";
import { RecentMessages } from "./recent.ts";

export class PostOffice {
  readonly #world: LaneWorld;
  readonly #lanes = new Map<number, Lane>();
  /** By the id of the sender, then by that of the recipient. What one can make it hold is bounded by P-8.6. */
  readonly #recent = new Map<number, Map<number, RecentMessages>>();
  #ageAtMs = 0;

  constructor(world: LaneWorld) {
    this.#world = world;
  }

  laneOf(account: Account): Lane {
    let lane = this.#lanes.get(account.id);
    if (!lane) {
      lane = new Lane(account, this.#world);
      this.#lanes.set(account.id, lane);
    }
    return lane;
  }

  /**
   * @param sender the account of `letter.from`
   * @param chosen the sender chose the `mid`, so it may send the same message again [P-5.4]
   */
  send(sender: number, to: Account, letter: Letter, chosen: boolean, receipt: Receipt): void {
    const first = chosen ? this.#recentOf(sender, to.id).once(letter.mid, receipt) : receipt;
    if (first) this.laneOf(to).offer(letter, first);
  }

  /**
   * For a sender who may send nothing new. What is waiting in the mailbox is known after a restart too.
   * @returns whether it was sent before; then `receipt` hears what that came to
   */
  again(sender: Account, to: Account, mid: MessageId, receipt: Receipt): boolean {
    if (this.#recent.get(sender.id)?.get(to.id)?.again(mid, receipt) === true) return true;
    const { mailbox, log } = this.#world;
    try {
      if (!mailbox.holds(to.id, sender.name, mid)) return false;
      receipt.answer(queued);
    } catch (error) {
      log.error("mailbox_unreadable", { user: to.name, error: String(error) });
      receipt.answer(failure("unavailable"));
    }
    return true;
  }

  /** For a broadcast. @returns the receipt to deliver it with, or undefined when it was sent before */
  once(sender: number, mid: string, receipt: Receipt): Receipt | undefined {
    return this.#recentOf(sender, everyone).once(mid, receipt);
  }

  /** A broadcast that reached nobody. */
  forget(sender: number, mid: string): void {
    this.#recentOf(sender, everyone).forget(mid);
  }

  /** The account is gone. */
  remove(account: Account): void {
    this.#lanes.get(account.id)?.end();
    this.#lanes.delete(account.id);
  }

  /** Everything under way goes to the mailboxes: the server stops. */
  close(): void {
    for (const lane of this.#lanes.values()) lane.detach();
  }

  sweep(nowMs: number): void {
    for (const [id, lane] of this.#lanes) {
      lane.sweep(nowMs);
      if (lane.idle) this.#lanes.delete(id);
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

/** What a sender sent is forgotten after once or twice this long without a message of theirs. */
const ageMs = 10 * 60 * 1_000;

/** No account has this id. */
const everyone = 0;
