// Something about pairs of accounts, as a bounded memory: so many owners, so many others of each. The owner and the other
// that were set longest ago are forgotten first, so nobody can push out what is kept about other owners by their own others.

export interface PairBounds {
  readonly owners: number;
  readonly others: number;
}

export class BoundedPairs<Value> {
  readonly #bounds: PairBounds;
  readonly #owners = new Map<number, Map<number, Value>>();

  constructor(bounds: PairBounds) {
    this.#bounds = bounds;
  }

  get(owner: number, other: number): Value | undefined {
    return this.#owners.get(owner)?.get(other);
  }

  set(owner: number, other: number, value: Value): void {
    const others = this.#owners.get(owner) ?? new Map<number, Value>();
    // Behind all the rest, so that the first one is the oldest.
    others.delete(other);
    others.set(other, value);
    this.#owners.delete(owner);
    this.#owners.set(owner, others);
    dropOldest(others, this.#bounds.others);
    dropOldest(this.#owners, this.#bounds.owners);
  }

  delete(owner: number, other: number): void {
    const others = this.#owners.get(owner);
    others?.delete(other);
    if (others?.size === 0) this.#owners.delete(owner);
  }
}

function dropOldest(map: Map<number, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
