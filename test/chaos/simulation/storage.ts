// The server's storage on a simulated disk: the real engine and its real client, as if in two threads. Data between them
// takes a while and stays in order; requests that arrive while the engine is working form its next transaction.

import { openEngine } from "../../../server/storage/engine/open.ts";
import { nameRules } from "../../../server/storage/name-rules.ts";
import type { Request } from "../../../server/storage/operations.ts";
import { Store } from "../../../server/storage/store.ts";
import type { Log } from "../../../server/core/ports.ts";
import type { Chance } from "./chance.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { Process } from "./machine.ts";

export interface StorageParts {
  readonly process: Process;
  readonly chance: Chance;
  readonly log: Log;
}

/** Delivers everything later, in order. */
class Way {
  readonly #process: Process;
  readonly #chance: Chance;
  #dueMs = 0;

  constructor({ process, chance }: StorageParts) {
    this.#process = process;
    this.#chance = chance;
  }

  /** @param leastMs simulated time before which it does not arrive */
  send(arrive: () => void, leastMs = 0): void {
    const { scheduler } = this.#process.machine;
    const takesMs = this.#chance.happens(0.02) ? this.#chance.between(5, 300) : this.#chance.between(0, 1);
    this.#dueMs = Math.max(this.#dueMs, leastMs, scheduler.nowMs + takesMs);
    scheduler.at(this.#dueMs, this.#process, arrive);
  }
}

/**
 * @returns the loaded store; `close` writes pending data and leaves the database as it is
 * @throws the disk's error
 */
export function openSimulatedStorage(database: SimulatedDatabase, parts: StorageParts): Store {
  const { process, log } = parts;
  const { clock, machine } = process;
  const [turns, requests, replies] = [new Way(parts), new Way(parts), new Way(parts)];
  const waiting: Request[] = [];
  const work = (): void => engine.host.take(waiting.splice(0));
  const store = new Store({
    ...{ clock, log, names: nameRules },
    schedule: (act) => turns.send(act),
    transport: {
      post(request) {
        waiting.push(request);
        if (waiting.length === 1) requests.send(work, machine.disk.hangsUntilMs);
      },
    },
    end: () => {
      work();
      engine.close();
      return Promise.resolve(true);
    },
  });
  const engine = openEngine(database, {
    ...{ clock, names: nameRules, serves: true },
    send: (reply) => replies.send(() => store.client.receive(reply)),
  });
  for (const loaded of engine.load()) store.load(loaded);
  engine.host.start();
  return store;
}
