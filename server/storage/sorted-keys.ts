// Strings in the order of their code units, which is the order of every other program whatever the locale. Kept in pieces
// of bounded length, so that adding a key or finding its place does not get slower with every account.

const maxPiece = 512;

export class SortedKeys {
  readonly #pieces: string[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns false if it is already there */
  add(key: string): boolean {
    const at = this.#pieceOf(key);
    const piece = this.#pieces[at] ?? this.#pieces.at(-1);
    if (!piece) {
      this.#pieces.push([key]);
      this.#size = 1;
      return true;
    }
    const index = firstNotBefore(piece, key);
    if (piece[index] === key) return false;
    piece.splice(index, 0, key);
    this.#size += 1;
    if (piece.length > maxPiece) {
      const half = piece.splice(maxPiece >>> 1);
      this.#pieces.splice(this.#pieces.indexOf(piece) + 1, 0, half);
    }
    return true;
  }

  delete(key: string): void {
    const at = this.#pieceOf(key);
    const piece = this.#pieces[at];
    if (!piece) return;
    const index = firstNotBefore(piece, key);
    if (piece[index] !== key) return;
    piece.splice(index, 1);
    this.#size -= 1;
    if (piece.length === 0) this.#pieces.splice(at, 1);
  }

  /** Iterates from the first key that is not before `key`. The list must not change meanwhile. */
  *from(key: string): Generator<string> {
    let at = this.#pieceOf(key);
    let index = firstNotBefore(this.#pieces[at] ?? [], key);
    for (let piece = this.#pieces[at]; piece; piece = this.#pieces[(at += 1)]) {
      for (; index < piece.length; index += 1) yield piece[index] ?? "";
      index = 0;
    }
  }

  /** The index of the first piece whose last key is not before `key`. */
  #pieceOf(key: string): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#pieces[middle]?.at(-1) ?? "";
      if (last < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function firstNotBefore(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
