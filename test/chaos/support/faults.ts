// Network faults of one connection, by name. A fault strikes at a line before it is passed on. Some last for every
// connection until they are healed. After swallowed data, healing resets the connection, as a network does that forgot it.

import type { Chance } from "./chance.ts";
import type { Manner } from "./pipe.ts";
import { passing } from "./pipe.ts";
import { drop, reset } from "./proxy.ts";
import type { ChaosProxy, ProxiedLink, Trap, Way } from "./proxy.ts";

export interface Fault {
  readonly name: string;
  /** Slow, but everything arrives: it is healed only after everything has arrived. */
  readonly mild: boolean;
  strike(proxy: ChaosProxy, chance: Chance): Trap["strike"];
}

const both: readonly Way[] = ["up", "down"];

export const faults: readonly Fault[] = [
  once("cut", (link) => {
    drop(link);
    return 0;
  }),
  once("reset", (link) => {
    reset(link);
    return 0;
  }),
  once("cut in the middle of the line", (_link, bytes, chance) => chance.between(0, Math.max(0, bytes - 1))),
  once("cut right behind the line", (link, bytes) => {
    setImmediate(() => drop(link));
    return bytes;
  }),
  once("half-close towards the server", (link) => {
    link.pipes.up.end();
    return undefined;
  }),
  once("half-close towards the client", (link) => {
    link.pipes.down.end();
    return undefined;
  }),
  lasting("half-open: both ways swallowed", both, () => ({ kind: "swallow" })),
  lasting("half-open towards the server", ["up"], () => ({ kind: "swallow" })),
  lasting("half-open towards the client", ["down"], () => ({ kind: "swallow" })),
  lasting("black hole: both ways held", both, () => ({ kind: "hold" })),
  mild("slices of one byte", () => ({ kind: "slice", bytes: 1 })),
  mild("throttled", () => ({ kind: "throttle", bytes: 96, everyMs: 1 })),
  mild("delayed with jitter", () => ({ kind: "delay", upToMs: 15 })),
  {
    name: "cut, then refused several times",
    mild: false,
    strike: (proxy, chance) => (link) => {
      proxy.refusals = chance.between(1, 3);
      reset(link);
      return 0;
    },
  },
];

/** The network recovers: held data leaves, and connections with swallowed data are reset. */
export function heal(proxy: ChaosProxy): void {
  proxy.trap = undefined;
  proxy.welcome = undefined;
  proxy.refusals = 0;
  for (const link of proxy.links) {
    if (both.some((way) => link.pipes[way].manner.kind === "swallow")) reset(link);
    for (const way of both) link.pipes[way].manner = passing;
    link.begin();
  }
}

function once(name: string, strike: (link: ProxiedLink, bytes: number, chance: Chance) => number | undefined): Fault {
  return { name, mild: false, strike: (_proxy, chance) => (link, _way, bytes) => strike(link, bytes, chance) };
}

function lasting(name: string, ways: readonly Way[], manner: () => Manner, isMild = false): Fault {
  const put = (link: ProxiedLink): void => {
    for (const way of ways) link.pipes[way].manner = manner();
  };
  return {
    name,
    mild: isMild,
    strike: (proxy) => (link) => {
      proxy.welcome = put;
      put(link);
      return undefined;
    },
  };
}

function mild(name: string, manner: () => Manner): Fault {
  return lasting(name, both, manner, true);
}
