// Where people have signed in since the server started: pairs of an account and an address group, a bounded number of them.
// A place that was forgotten, or is from before the start, is known by the token that is in force; otherwise it is learned
// again.

/** Beyond this, the least recently used one is dropped. */
const maxPlaces = 20_000;

export class KnownPlaces {
  /** The least recently used one first. */
  readonly #places = new Set<string>();

  has(account: number, group: string): boolean {
    return this.#places.has(`${account} ${group}`);
  }

  add(account: number, group: string): void {
    const place = `${account} ${group}`;
    this.#places.delete(place);
    this.#places.add(place);
    if (this.#places.size <= maxPlaces) return;
    const { value, done } = this.#places.values().next();
    if (done !== true) this.#places.delete(value);
  }
}
