// Direct links in a run: between people with one device each, a link comes up now and then, carries messages between the
// two daemons, and ends again: cut, or with the process, the account or a block at one of its ends. Whatever route a
// message takes, it is judged like any other: in order, once, and nothing lost [P-5.6, P-6.7].

import type { Effect } from "../../../daemon/core/effects.ts";
import type { EffectHandlerDeps } from "../../../daemon/engine/effect-handlers.ts";
import type { Pin } from "../../../protocol/pin.ts";
import type { Chance } from "./chance.ts";
import type { DaemonMachine } from "./daemon-machine.ts";
import type { Process } from "./machine.ts";
import type { World } from "./world.ts";

type Direct = EffectHandlerDeps["direct"];
type Answer = Awaited<ReturnType<Direct["message"]>>;
type Contacts = Extract<Effect, { kind: "contactsChanged" }>["changed"];

const paceMs = 6_000;
const slowMs = 2_000;

/** Plans links from `fromMs` to `untilMs`; each ends some time after that at the latest. */
export function planDirectLinks(world: World, chance: Chance, fromMs: number, untilMs: number): void {
  const alone = world.daemons.filter(({ user }) => world.devicesOf(user).length === 1);
  if (alone.length < 2) return;
  let count = 0;
  for (let atMs = fromMs; atMs < untilMs; atMs += chance.between(0, 2 * paceMs)) {
    world.scheduler.after(atMs, undefined, () => {
      const one = chance.pick(alone);
      const other = chance.pick(alone.filter((each) => each !== one));
      if (mayMeet(one, other)) meet(world, chance, (count += 1), [one, other]);
    });
  }
}

/** Whether both are signed in, and neither has a link to the other or blocks them. */
function mayMeet(one: DaemonMachine, other: DaemonMachine): boolean {
  return [[one, other] as const, [other, one] as const].every(([{ state, links }, { user }]) => {
    return state?.me && !links.has(user) && state.contacts.get(`user:${user}`)?.blocked !== true;
  });
}

function meet(world: World, chance: Chance, number: number, daemons: readonly [DaemonMachine, DaemonMachine]): void {
  const [one, other] = daemons;
  const [from, to] = [one.machine.process, other.machine.process];
  if (!from || !to) return;
  const ends = [
    { daemon: one, process: from },
    { daemon: other, process: to },
  ] as const;
  const link = new SimulatedLink(world, chance, number, ends);
  const lastsMs = chance.happens(0.3) ? chance.between(0, 500) : chance.between(500, 30_000);
  world.scheduler.after(lastsMs, undefined, () => link.cut("its time is over"));
}

interface End {
  readonly daemon: DaemonMachine;
  readonly process: Process;
}

/** One link. Messages on it arrive in order, or not at all once it was cut. */
class SimulatedLink {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #ends: readonly [End, End];
  readonly #waiting = new Map<End, Set<(answer: Answer) => void>>();
  readonly #arrivedMs = new Map<End, number>();
  readonly #mostMs: number;
  readonly #number: number;
  #cut = false;

  constructor(world: World, chance: Chance, number: number, ends: readonly [End, End]) {
    this.#world = world;
    this.#chance = chance;
    this.#ends = ends;
    this.#number = number;
    this.#mostMs = chance.happens(0.3) ? slowMs : 20;
    const [one, other] = ends;
    world.bench.note(`direct link ${this.#number} of ${one.daemon.name} and ${other.daemon.name}`);
    for (const [end, far] of [ends, [other, one] as const]) {
      this.#waiting.set(end, new Set());
      this.#carry(end, () => end.daemon.linked(far.daemon.user, this.#number, this.#way(end, far)));
    }
  }

  /** Cuts the link. Each end learns of it at a different time, and does not know whether what was in flight has arrived. */
  cut(why: string): void {
    if (this.#cut) return;
    this.#cut = true;
    const [one, other] = this.#ends;
    this.#world.bench.note(`direct link ${this.#number} ends: ${why}`);
    for (const [end, far] of [this.#ends, [other, one] as const]) {
      const noticeMs = this.#chance.pick([0, 5, this.#mostMs]);
      const atMs = Math.max(this.#world.scheduler.nowMs + noticeMs, this.#arrivedMs.get(end) ?? 0);
      this.#world.scheduler.at(atMs, end.process, () => {
        end.daemon.linked(far.daemon.user, this.#number, undefined);
        for (const resolve of this.#waiting.get(end) ?? []) resolve(undefined);
      });
    }
  }

  /** The link as the daemon at that end uses it. */
  #way(end: End, far: End): Way {
    return {
      message: async (_, params) =>
        new Promise((resolve) => {
          if (this.#cut) {
            resolve(undefined);
            return;
          }
          const waiting = this.#waiting.get(end);
          waiting?.add(resolve);
          const answer = (): void => {
            waiting?.delete(resolve);
            resolve({ ok: true, value: {} });
          };
          const body = { ...params, mid: params.mid ?? "", from: end.daemon.user, via: pinOf(end) };
          this.#carry(far, () => far.daemon.told(body, () => this.#carry(end, answer)));
        }),
      signal: (_, { upto }) =>
        this.#carry(far, () => {
          if (upto !== undefined) far.daemon.heardRead(end.daemon.user, upto, pinOf(end));
        }),
      pinOf: () => pinOf(far),
      end: (why) => this.cut(why),
    };
  }

  /** Delivers after everything that is already in flight to that end. */
  #carry(end: End, arrive: () => void): void {
    const { scheduler } = this.#world;
    const atMs = Math.max(scheduler.nowMs + this.#chance.between(0.1, this.#mostMs), this.#arrivedMs.get(end) ?? 0);
    this.#arrivedMs.set(end, atMs);
    scheduler.at(atMs, end.process, () => {
      if (!this.#cut) arrive();
    });
    if (!this.#ends.every(({ process }) => process.alive)) this.cut("an end is gone");
  }
}

/** Each device has its own key, which its links prove. */
function pinOf({ daemon }: End): Pin {
  return `key of ${daemon.name}` as Pin;
}

export interface Way extends Pick<Direct, "message" | "signal" | "pinOf"> {
  end(why: string): void;
}

/** The links of one daemon, as its core requests them. */
export class OwnLinks implements Direct {
  readonly #byUser = new Map<string, { readonly number: number; readonly way: Way }>();

  has(user: string): boolean {
    return this.#byUser.has(user);
  }

  put(user: string, number: number, way: Way): void {
    this.#byUser.set(user, { number, way });
  }

  /** @returns whether it was the current link */
  remove(user: string, number: number): boolean {
    return this.#byUser.get(user)?.number === number && this.#byUser.delete(user);
  }

  message: Direct["message"] = async (link, params) => this.#of(link)?.message(link, params);

  signal: Direct["signal"] = (link, params) => this.#of(link)?.signal(link, params);

  pinOf: Direct["pinOf"] = (link) => this.#of(link)?.pinOf(link);

  /** Ends the links of blocked people. */
  contactsChanged(contacts: Contacts): void {
    for (const { blocked, name } of contacts) if (blocked) this.#byUser.get(name)?.way.end("blocked");
  }

  endAll(why: string): void {
    for (const { way } of [...this.#byUser.values()]) way.end(why);
  }

  #of(link: number): Way | undefined {
    return [...this.#byUser.values()].find(({ number }) => number === link)?.way;
  }
}
