// Where people signed in since the server started: pairs of an account and an address group, a bounded number of them. What
// is forgotten, or was before the start, is known by the token that is in force, and learned anew otherwise.

/** More push out the one that was used longest ago. */
const maxPlaces = 20_000;

export class KnownPlaces {
  /** In the order of the last use. */
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
