// Listeners without vscode, so that everything which decides something can be tested on plain Node.

export interface Disposable {
  dispose(): void;
}

export interface Signal<T> {
  /** Calls `listener` at each firing until disposed. */
  on(listener: (value: T) => void): Disposable;
}

export class Emitter<T> implements Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void): Disposable {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  }

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}

/** Gives back what is added, the newest first; what is added after the end is given back at once. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  add(...items: Disposable[]): void {
    for (const item of items) {
      if (this.#disposed) item.dispose();
      else this.#items.push(item);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
