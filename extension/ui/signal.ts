// Listeners without vscode, so that everything which decides something can be tested on plain Node.

import type { Disposable } from "../../base/disposable.ts";

export type { Disposable };

export interface Signal<T> {
  /** Calls `listener` at each firing until disposed. */
  on(listener: (value: T) => void): Disposable;
}

/** Calls back once after a time; answers how to give that up. */
export type SetTimer = (delayMs: number, fire: () => void) => Disposable;

export const hostTimer: SetTimer = (delayMs, fire) => {
  const handle = setTimeout(fire, delayMs);
  return { dispose: () => clearTimeout(handle) };
};

/** Longer than it takes from a message to the word that it was read; short enough to seem at once. */
const momentMs = 150;

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

/**
 * Tells once, after a moment, for all that happened in it. For what stands at the window's edge: a message that is read as
 * it comes would otherwise flash by there as unread, and drawing that comes before drawing the message.
 */
export function debounced(signal: Signal<unknown>): Signal<undefined> {
  return {
    on: (listener) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const following = signal.on(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          listener(undefined);
        }, momentMs);
      });
      return {
        dispose: () => {
          following.dispose();
          clearTimeout(timer);
        },
      };
    },
  };
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
