// Runs work that must not overlap one after the other: each begins when the previous one has ended, even if it failed.

export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the work when its turn has come. @returns or throws what the work does */
  async runExclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }
}
