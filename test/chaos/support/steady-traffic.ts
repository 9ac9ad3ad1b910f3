// Pairs of people who chat at a steady pace while something else happens, and how long it took for each message until its
// sender knew that the other person has it.

import { setInterval } from "node:timers";
import { signedIn } from "../../support/line-client.ts";
import type { LineClient } from "../../support/line-client.ts";

const paceMs = 200;
const windowMs = 1_000;

export interface Latencies {
  readonly messages: number;
  /** Over all messages. */
  readonly p99Ms: number;
  /** The median of the 99th percentiles of all windows of one second. */
  readonly medianWindowP99Ms: number;
  readonly worstMs: number;
}

export class SteadyTraffic {
  readonly #senders: readonly LineClient[];
  readonly #clients: readonly LineClient[];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #saying: Promise<void>[] = [];
  #windows: number[][] = [];
  #startMs = 0;
  #lost = 0;

  private constructor(senders: readonly LineClient[], clients: readonly LineClient[]) {
    this.#senders = senders;
    this.#clients = clients;
  }

  /** Creates the accounts, a few at a time, because passwords are expensive. */
  static async join(port: number, pairs: number): Promise<SteadyTraffic> {
    const names = Array.from({ length: 2 * pairs }, (_, index) => `chatter${index}`);
    const clients: LineClient[] = [];
    for (let next = 0; next < names.length; next += 4) {
      const some = names.slice(next, next + 4).map((name) => signedIn(port, name, { acks: true }));
      clients.push(...(await Promise.all(some)));
    }
    return new SteadyTraffic(clients.slice(0, pairs), clients);
  }

  start(): void {
    this.#startMs = performance.now();
    this.#windows = [];
    this.#lost = 0;
    for (const [index, sender] of this.#senders.entries()) {
      const to = `chatter${this.#senders.length + index}`;
      const first = setTimeout(
        () => {
          this.#timers.push(setInterval(() => this.#saying.push(this.#say(sender, to)), paceMs));
        },
        (index * paceMs) / this.#senders.length,
      );
      this.#timers.push(first);
    }
  }

  /** Waits for unanswered messages, which waited longest. @throws if a message was not delivered */
  async stop(): Promise<Latencies> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await Promise.all(this.#saying.splice(0));
    if (this.#lost > 0) throw new Error(`${this.#lost} messages of the bystanders were not delivered`);
    const all = this.#windows.flat();
    const perWindow = this.#windows.filter((window) => window.length > 0).map((window) => percentile(window, 0.99));
    return {
      messages: all.length,
      p99Ms: percentile(all, 0.99),
      medianWindowP99Ms: percentile(perWindow, 0.5),
      worstMs: percentile(all, 1),
    };
  }

  dispose(): void {
    for (const client of this.#clients) client.destroy();
  }

  async #say(sender: LineClient, to: string): Promise<void> {
    const sentMs = performance.now();
    const answer = await sender.ask({ type: "message", to, msg: "hello" }).catch(() => undefined);
    if (answer?.["delivery"] !== "delivered") {
      this.#lost += 1;
      return;
    }
    (this.#windows[Math.floor((sentMs - this.#startMs) / windowMs)] ??= []).push(performance.now() - sentMs);
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
