// What must not overlap, one after the other: each begins when the one before has ended, well or not.

export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what the work returns, or throws, when its turn has come */
  async runExclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }
}
