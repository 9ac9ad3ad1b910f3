// Events that a stranger can cause as often as they like: said at once, and then at most once a minute for each key, with how
// many there were since. Nothing is lost but the moment of each.

import type { Clock } from "./clock.ts";

const periodMs = 60_000;
/** Keys of one period that are told apart. */
const maxKeys = 1_000;
const rest = "others";

interface Noted {
  count: number;
  /** Of the latest one. */
  detail: string;
}

export class RecurringEvent {
  readonly #clock: Clock;
  readonly #write: (key: string, count: number, detail: string) => void;
  /** What was not said yet, by key. */
  readonly #since = new Map<string, Noted>();

  /** @param write says one line: so many times since the last one of that key, the latest with that detail */
  constructor(clock: Clock, write: (key: string, count: number, detail: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** @param key what the lines are about, such as an address */
  note(key: string, detail = ""): void {
    const counted = this.#since.has(key) || this.#since.size < maxKeys ? key : rest;
    const noted = this.#since.get(counted);
    if (noted) {
      noted.count += 1;
      noted.detail = detail;
      return;
    }
    this.#since.set(counted, { count: 1, detail });
    this.#say(counted);
  }

  #say(key: string): void {
    const { count = 0, detail = "" } = this.#since.get(key) ?? {};
    if (count === 0) {
      this.#since.delete(key);
      return;
    }
    this.#since.set(key, { count: 0, detail });
    this.#write(key, count, detail);
    this.#clock.setTimer(periodMs, () => this.#say(key));
  }
}
