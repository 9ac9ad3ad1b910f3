// Counts events and forgets one of them at regular intervals; the basis of limits per hour. Takes the time as an argument
// and keeps two numbers, however many events there are.

export class Tally {
  readonly #forgetMs: number;
  #count = 0;
  #sinceMs = 0;

  /** @param forgetMs how long until one is forgotten */
  constructor(forgetMs: number) {
    this.#forgetMs = forgetMs;
  }

  count(nowMs: number): number {
    const forgotten = Math.floor((nowMs - this.#sinceMs) / this.#forgetMs);
    if (this.#count <= forgotten) this.#count = 0;
    else if (forgotten > 0) this.#count -= forgotten;
    this.#sinceMs = this.#count === 0 ? nowMs : this.#sinceMs + Math.max(0, forgotten) * this.#forgetMs;
    return this.#count;
  }

  /** Milliseconds until the next one is forgotten. */
  nextMs(nowMs: number): number {
    return this.count(nowMs) === 0 ? 0 : this.#sinceMs + this.#forgetMs - nowMs;
  }

  /** @returns the new count @param max events beyond it are not counted, so that all are forgotten in time */
  add(nowMs: number, max = Infinity): number {
    this.#count = Math.min(max, this.count(nowMs) + 1);
    return this.#count;
  }

  takeBack(): void {
    this.#count = Math.max(0, this.#count - 1);
  }
}
