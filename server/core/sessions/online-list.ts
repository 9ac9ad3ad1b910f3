// The fields of the answer to `online`, for everyone whom nobody blocks [P-4.4]: encoded once per change, when somebody
// asks, and not once per request.

import type { Session } from "./session.ts";

interface Online {
  readonly generation: number;
  all(): Iterable<Session>;
}

export class OnlineList {
  #generation = -1;
  #fields = "";

  /** @returns `"user1":"user1","user2":"user2"` */
  fields(sessions: Online): string {
    if (sessions.generation === this.#generation) return this.#fields;
    this.#generation = sessions.generation;
    this.#fields = Array.from(sessions.all(), ({ account }) => {
      const name = JSON.stringify(account.name);
      return `${name}:${name}`;
    }).join(",");
    return this.#fields;
  }
}
