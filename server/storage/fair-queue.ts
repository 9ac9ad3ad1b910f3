// What waits, in one line for each group: the lines are served in turn, so that nobody waits behind the many of another.
// Bounded by whoever fills it.

export class FairQueue<T> {
  /** In the order in which they are served; none is empty. */
  readonly #lines = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(group: string): number {
    return this.#lines.get(group)?.length ?? 0;
  }

  push(group: string, item: T): void {
    const line = this.#lines.get(group);
    if (line) line.push(item);
    else this.#lines.set(group, [item]);
    this.#size += 1;
  }

  /** The first of the line whose turn it is. */
  shift(): T | undefined {
    for (const [group, line] of this.#lines) {
      const first = line.shift();
      this.#size -= 1;
      // Its next turn comes behind those of all others.
      this.#lines.delete(group);
      if (line.length > 0) this.#lines.set(group, line);
      return first;
    }
    return undefined;
  }

  /** The last of that line. */
  pop(group: string): T | undefined {
    const line = this.#lines.get(group);
    const last = line?.pop();
    if (!line || last === undefined) return undefined;
    this.#size -= 1;
    if (line.length === 0) this.#lines.delete(group);
    return last;
  }

  /** The group with the longest line. */
  longest(): string | undefined {
    let found: string | undefined;
    for (const [group, { length }] of this.#lines) {
      if (found === undefined || length > this.sizeOf(found)) found = group;
    }
    return found;
  }
}
