// Listeners without vscode, so that everything which decides something can be tested on plain Node.

import type { Disposable } from "../../base/disposable.ts";

export type { Disposable };

export interface Signal<T> {
  /** Calls `listener` at each firing until disposed. */
  on(listener: (value: T) => void): Disposable;
}

/** Calls back once after a time. Returns a handle that cancels it. */
export type SetTimer = (delayMs: number, fire: () => void) => Disposable;

export const hostTimer: SetTimer = (delayMs, fire) => {
  const handle = setTimeout(fire, delayMs);
  return { dispose: () => clearTimeout(handle) };
};

/** Longer than it takes from a message to its read mark; short enough to seem immediate. */
const debounceMs = 150;

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
 * Fires once, after a moment, for everything that happened in it. For views outside the chat: a message that is read on
 * arrival would otherwise flash as unread there, and they would be drawn before the message itself.
 */
export function debounced(signal: Signal<unknown>): Signal<undefined> {
  return {
    on: (listener) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const following = signal.on(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          listener(undefined);
        }, debounceMs);
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

/** Disposes of its items, newest first. Items that are added afterwards are disposed of at once. */
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
