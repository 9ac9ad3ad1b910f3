// Waiting items, in one line per group. The lines are served in turn, so that nobody waits behind the many items of another
// group. The caller bounds the size.

export class FairQueue<T> {
  /** Lines in the order of service; none is empty. */
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

  /** Takes the first item of the line whose turn it is. */
  shift(): T | undefined {
    for (const [group, line] of this.#lines) {
      const first = line.shift();
      this.#size -= 1;
      // Its next turn comes after those of all others.
      this.#lines.delete(group);
      if (line.length > 0) this.#lines.set(group, line);
      return first;
    }
    return undefined;
  }

  /** Takes the last item of that line. */
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
