// Collects the sockets, timers and processes of an owner in one list, to dispose of them together. Items that are added
// afterwards are disposed of at once, so that a late answer cannot leak.

export interface Disposable {
  dispose(): void;
}

export class DisposableList implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Disposes of everything, newest first. Idempotent. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
