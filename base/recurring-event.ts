// Events that a stranger can cause as often as they like: logged at once, and after that at most once per minute and key,
// with the number of events since then. Only the time of each single event is lost.

import type { Clock } from "./clock.ts";

const periodMs = 60_000;
/** Keys that are distinguished in one period. */
const maxKeys = 1_000;
const otherKeys = "others";

interface Noted {
  count: number;
  /** Of the latest event. */
  detail: string;
}

export class RecurringEvent {
  readonly #clock: Clock;
  readonly #write: (key: string, count: number, detail: string) => void;
  /** Events that have not been logged yet, by key. */
  readonly #unreported = new Map<string, Noted>();

  /** @param write logs one line: the number of events of that key since the last line, with the detail of the latest one */
  constructor(clock: Clock, write: (key: string, count: number, detail: string) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Counts an event. @param key what it is about, such as an address */
  note(key: string, detail = ""): void {
    const counted = this.#unreported.has(key) || this.#unreported.size < maxKeys ? key : otherKeys;
    const noted = this.#unreported.get(counted);
    if (noted) {
      noted.count += 1;
      noted.detail = detail;
      return;
    }
    this.#unreported.set(counted, { count: 1, detail });
    this.#report(counted);
  }

  #report(key: string): void {
    const { count = 0, detail = "" } = this.#unreported.get(key) ?? {};
    if (count === 0) {
      this.#unreported.delete(key);
      return;
    }
    this.#unreported.set(key, { count: 0, detail });
    this.#write(key, count, detail);
    this.#clock.setTimer(periodMs, () => this.#report(key));
  }
}
