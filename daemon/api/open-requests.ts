// Requests of views that were not answered yet: while there is one, nothing may be cut off.

import type { DaemonApi } from "./api.ts";

export class OpenRequests {
  readonly #onBegin: () => void;
  #count = 0;

  /** @param onBegin a view asks something, so somebody is there */
  constructor(onBegin: () => void) {
    this.#onBegin = onBegin;
  }

  get count(): number {
    return this.#count;
  }

  /** The same service, with its requests counted. */
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
