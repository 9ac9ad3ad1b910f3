// Counts the views' requests that have no answer yet: while there are any, no connection may be closed.

import type { DaemonApi } from "./api.ts";

export class OpenRequests {
  readonly #onBegin: () => void;
  #count = 0;

  /** Creates a counter. @param onBegin called when a view sends a request, which shows that a person is there */
  constructor(onBegin: () => void) {
    this.#onBegin = onBegin;
  }

  get count(): number {
    return this.#count;
  }

  /** Returns the same service, with its requests counted. */
  counted(service: DaemonApi): DaemonApi {
    const counted = Object.entries(service).map(([name, handler]) => [name, this.#watch(handler as Handler)]);
    return Object.fromEntries(counted) as DaemonApi;
  }

  #watch(handler: Handler): Handler {
    return async (params, view) => {
      this.#onBegin();
      this.#count += 1;
      try {
        return await handler(params, view);
      } finally {
        this.#count -= 1;
      }
    };
  }
}

type Handler = (params: unknown, view: number) => unknown;
