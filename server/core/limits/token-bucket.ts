// A token bucket [P-8.6]: tokens are refilled over time, up to a burst. It may be overdrawn, because what was already read
// has to be served; reading resumes once it is no longer negative.

export class TokenBucket {
  #perMs: number;
  #most: number;
  #left: number;
  #atMs: number;

  /** @param perSecond tokens; 0: no limit. @param burstSeconds how many seconds' worth may be spent at once */
  constructor(perSecond: number, burstSeconds: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = perSecond * burstSeconds;
    this.#left = this.#most;
    this.#atMs = nowMs;
  }

  /** @returns whether that was within the limit */
  spend(tokens: number, nowMs: number): boolean {
    if (this.#most === 0) return true;
    this.#refill(nowMs);
    this.#left -= tokens;
    return this.#left >= 0;
  }

  /** Whether it is not overdrawn. */
  isWithin(nowMs: number): boolean {
    if (this.#most === 0) return true;
    this.#refill(nowMs);
    return this.#left >= 0;
  }

  /** Whether it is as if nothing had ever been spent. */
  isFull(nowMs: number): boolean {
    if (this.#most === 0) return true;
    this.#refill(nowMs);
    return this.#left >= this.#most;
  }

  /** Changes the tokens per second from now on; what was spent stays spent. */
  scale(factor: number, nowMs: number): void {
    this.#refill(nowMs);
    const spent = this.#most - this.#left;
    this.#perMs *= factor;
    this.#most *= factor;
    this.#left = this.#most - spent;
  }

  #refill(nowMs: number): void {
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }
}
