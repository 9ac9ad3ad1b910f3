// Redirects node:net, node:crypto and setImmediate, which our code uses directly, into the simulation while it runs, and
// restores them afterwards. The product does not notice.

import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import type { NetConnectOpts } from "node:net";
import type { Chance } from "./chance.ts";
import { Process } from "./machine.ts";
import type { Network } from "./network.ts";
import type { Scheduler } from "./scheduler.ts";

export interface World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly chance: Chance;
}

/** Runs `act` with these redirected to the simulation. Only one at a time per process. */
export async function insideSimulation<T>(world: World, act: () => Promise<T>): Promise<T> {
  const { connect } = net;
  const { randomBytes, randomUUID } = crypto;
  const { setImmediate, clearImmediate } = globalThis;
  const { scheduler, network, chance } = world;
  const drawn = chance.fork();
  Object.assign(net, {
    connect: ({ host, port }: Extract<NetConnectOpts, { port: number }>) =>
      network.connect(runningProcess(scheduler), host ?? "", port),
  });
  Object.assign(crypto, {
    randomBytes: (length: number) => drawn.bytes(length),
    randomUUID: () => drawn.bytes(16).toString("hex"),
  });
  Object.assign(globalThis, {
    setImmediate: (run: () => void) => scheduler.after(0, scheduler.current, run),
    clearImmediate: (scheduled: { dispose(): void } | undefined) => scheduled?.dispose(),
  });
  syncBuiltinESMExports();
  try {
    return await act();
  } finally {
    Object.assign(net, { connect });
    Object.assign(crypto, { randomBytes, randomUUID });
    Object.assign(globalThis, { setImmediate, clearImmediate });
    syncBuiltinESMExports();
  }
}

export function runningProcess(scheduler: Scheduler): Process {
  const { current } = scheduler;
  if (!(current instanceof Process)) throw new Error("something connects outside of any process");
  return current;
}
