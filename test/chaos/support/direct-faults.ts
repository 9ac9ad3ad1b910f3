// Network faults of a direct link, by name. They act on its bytes, which are TLS and meaningless to anybody in between.

import type { ByteProxy, Direction } from "./byte-proxy.ts";
import type { Chance } from "./chance.ts";
import type { Manner } from "./pipe.ts";

export interface DirectFault {
  readonly name: string;
  /** `mild`: slow, but everything arrives. `deaf`: neither end learns that nothing arrives. */
  readonly kind: "sudden" | "mild" | "deaf";
  strike(proxies: readonly ByteProxy[], chance: Chance): void;
}

const both: readonly Direction[] = ["there", "back"];

export const directFaults: readonly DirectFault[] = [
  sudden("cut", (proxy) => proxy.cut()),
  sudden("reset", (proxy) => proxy.reset()),
  sudden("cut at a byte of the conversation", (proxy, chance) => (proxy.cutAfterBytes = chance.between(0, 3_000))),
  sudden("cut, and again at a byte of the next handshake", (proxy, chance) => {
    proxy.cut();
    proxy.cutAfterBytes = chance.between(0, 2_500);
  }),
  sudden("half-close towards the listener", (proxy) => {
    for (const { pipes } of proxy.passages) pipes.there.end();
  }),
  sudden("half-close towards the dialler", (proxy) => {
    for (const { pipes } of proxy.passages) pipes.back.end();
  }),
  sudden("cut, then refused several times", (proxy, chance) => {
    proxy.refusals = chance.between(1, 3);
    proxy.reset();
  }),
  lasting("half-open: both ways swallowed", "deaf", both, { kind: "swallow" }),
  lasting("half-open towards the listener", "deaf", ["there"], { kind: "swallow" }),
  lasting("half-open towards the dialler", "deaf", ["back"], { kind: "swallow" }),
  lasting("black hole: both ways held", "deaf", both, { kind: "hold" }),
  lasting("slices of one byte", "mild", both, { kind: "slice", bytes: 1 }),
  lasting("throttled", "mild", both, { kind: "throttle", bytes: 96, everyMs: 1 }),
  lasting("delayed with jitter", "mild", both, { kind: "delay", upToMs: 15 }),
];

function sudden(name: string, strike: (proxy: ByteProxy, chance: Chance) => void): DirectFault {
  return each(name, "sudden", strike);
}

function lasting(name: string, kind: "mild" | "deaf", ways: readonly Direction[], manner: Manner): DirectFault {
  return each(name, kind, (proxy) => proxy.lasting(ways, manner));
}

function each(
  name: string,
  kind: DirectFault["kind"],
  strike: (proxy: ByteProxy, chance: Chance) => void,
): DirectFault {
  return { name, kind, strike: (proxies, chance) => proxies.forEach((proxy) => strike(proxy, chance)) };
}
