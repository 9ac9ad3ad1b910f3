// From the wish to talk directly to a link, or to the reason why there is none: asks the server where the other is (who is
// asked for their word there), dials every address that may work, and lets the other dial too. One attempt a person. A
// link that broke is tried again for a while at the addresses it had, without the server.

import { networkInterfaces } from "node:os";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Route } from "../../protocol/editor/model.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { ownAddresses } from "./candidates.ts";
import type { Place } from "./dial.ts";
import type { Gate } from "./gate.ts";
import type { Keys } from "./keys.ts";
import { knock } from "./knock.ts";
import type { Links } from "./links.ts";
import { placesOf } from "./places.ts";
import { keyHasChanged, noDeviceKey, notConnected, notReached } from "./refusals.ts";
import type { AddressAnswer, DirectWorld, Person } from "./world.ts";

export interface ConnectorOptions {
  readonly world: DirectWorld;
  readonly keys: Keys;
  readonly links: Links;
  readonly gate: () => Gate;
}

export type Connected = { readonly ok: true; readonly address: string } | Failure;

/** From the address to a link, whoever dials. */
const reachMs = 8_000;
/** All of an attempt. */
const attemptMs = limits.consentMs + limits.authenticationMs + reachMs;
/** After a link broke: it may be tried again at once, and then less and less. */
const againAfterMs: readonly number[] = [0, 300, 1_000, 3_000, 8_000, 15_000];
/** So soon after an address was given, the other's client asks back by itself. */
const askBackMs = 2_000;

export class Connector {
  readonly #options: ConnectorOptions;
  readonly #attempts = new Map<UserKey, Promise<Connected>>();
  /** Whom this person asked only for their address: when their asking back is over (monotonic), 0 before their answer. */
  readonly #lookedUp = new Map<UserKey, number>();
  readonly #places = new Map<UserKey, readonly Place[]>();
  /** Rises when all that is under way is of no use any more. */
  #round = 0;
  /** Rises for a person when a link to them was ended on purpose: what was under way then must not bring it back. */
  readonly #ends = new Map<UserKey, number>();

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  wants(user: UserKey): boolean {
    return this.#attempts.has(user);
  }

  /** They ask because they gave their address just now, and not because they want a link. True once for each answer. */
  async isAskBack(user: UserKey): Promise<boolean> {
    // Their answer may have come with it, and is taken first.
    if (this.#lookedUp.get(user) === 0) await new Promise((resolve) => setImmediate(resolve));
    const untilMs = this.#lookedUp.get(user) ?? 0;
    if (untilMs === 0) return false;
    this.#lookedUp.delete(user);
    return untilMs > this.#options.world.clock.monotonicMs();
  }

  /** A link to that person, the one that stands or a new one. */
  async connect(person: Person): Promise<Connected> {
    const link = this.#options.links.of(person.key);
    if (link) return { ok: true, address: link.address };
    const running = this.#attempts.get(person.key);
    if (running) return await running;
    const round = this.#round;
    // In a later turn: that this person wants it must be known before the other is asked.
    const attempt = Promise.resolve().then(async () => await this.#attempt(person, round));
    this.#attempts.set(person.key, attempt);
    try {
      return await attempt;
    } finally {
      if (this.#attempts.get(person.key) === attempt) this.#attempts.delete(person.key);
    }
  }

  /** Where that person is, and nothing else: the other's client may ask back, and is not let in for it. */
  async whereIs(person: Person): Promise<{ readonly ok: true; readonly value: AddressAnswer } | Failure> {
    const { world } = this.#options;
    const { key } = person;
    if ((this.#lookedUp.get(key) ?? 0) <= world.clock.monotonicMs()) this.#lookedUp.set(key, 0);
    const answer = await world.askAddress({ target: person.name });
    if (answer?.ok === true) this.#lookedUp.set(key, world.clock.monotonicMs() + askBackMs);
    else if (this.#lookedUp.get(key) === 0) this.#lookedUp.delete(key);
    return answer ?? notConnected;
  }

  /** The link broke though nobody ended it. */
  again(person: Person, pin: Pin): void {
    void this.#again(person, pin, this.#round);
  }

  /** Nobody wants a link to that person now. */
  cancel(user: UserKey): void {
    this.#ends.set(user, this.#endsOf(user) + 1);
  }

  /** Another account, or switched off. */
  reset(): void {
    this.#round += 1;
    this.#attempts.clear();
    this.#ends.clear();
    this.#lookedUp.clear();
    this.#places.clear();
  }

  async #attempt(person: Person, round: number): Promise<Connected> {
    const { links } = this.#options;
    this.#show(person, { kind: "connecting" });
    let outcome: Connected;
    try {
      outcome = await this.#reach(person, round);
    } catch (error) {
      outcome = failure("unavailable", error instanceof Error ? error.message : String(error));
    }
    if (!outcome.ok && round === this.#round && !links.of(person.key)) {
      this.#show(person, { kind: "server", why: outcome.reason });
    }
    return outcome;
  }

  async #reach(person: Person, round: number): Promise<Connected> {
    const { links } = this.#options;
    const attempt = { over: false };
    // From now on: the other may dial before the server has answered here.
    const up = links.whenUp(person.key, attemptMs);
    const first = await Promise.race([up, this.#approach(person, round, attempt)]);
    if (first && "code" in first) return first;
    const link = first ?? (await Promise.race([up, links.whenUp(person.key, reachMs)]));
    attempt.over = true;
    return link ? { ok: true, address: link.address } : failure("unavailable", notReached(person.name));
  }

  /** Finds out where they are, with their word, and dials. @returns why not, or undefined once it is under way */
  async #approach(person: Person, round: number, attempt: { readonly over: boolean }): Promise<Failure | undefined> {
    const { world, keys, links, gate } = this.#options;
    const answer = await world.askAddress({ target: person.name });
    if (round !== this.#round)
      return failure("denied", "Direct connections were switched off, or the account changed.");
    if (!answer) return notConnected;
    if (!answer.ok) return answer;
    const { key } = answer.value;
    if (key === undefined || !isPin(key)) return noDeviceKey(person.name);
    if (keys.see(person, key).changed !== undefined) return failure("denied", keyHasChanged(person.name));
    const places = placesOf(answer.value, ownAddresses(networkInterfaces()));
    this.#places.set(person.key, places);
    if (attempt.over || links.of(person.key)) return undefined;
    gate().grant(person, key, true);
    void this.#dial(person, key, places);
    return undefined;
  }

  async #dial(person: Person, pin: Pin, places: readonly Place[]): Promise<void> {
    const { world, links } = this.#options;
    const [round, ends] = [this.#round, this.#endsOf(person.key)];
    const isWanted = (): boolean => round === this.#round && ends === this.#endsOf(person.key);
    await knock({ world, links, person, pin, places, isWanted });
  }

  async #again(person: Person, pin: Pin, round: number): Promise<void> {
    const { world, links, gate } = this.#options;
    const places = this.#places.get(person.key) ?? [];
    const ends = this.#endsOf(person.key);
    gate().grant(person, pin, true);
    for (const afterMs of againAfterMs) {
      await new Promise<void>((resolve) => world.clock.setTimer(afterMs, resolve));
      if (round !== this.#round || ends !== this.#endsOf(person.key)) return;
      if (links.of(person.key) || gate().judge(person, pin) !== "admitted") return;
      if (places.length > 0) await this.#dial(person, pin, places);
    }
    if (!links.of(person.key) && round === this.#round) gate().withdraw(person.key);
  }

  #endsOf(user: UserKey): number {
    return this.#ends.get(user) ?? 0;
  }

  #show(person: Person, route: Route): void {
    this.#options.world.occur({ kind: "route", conversation: person.conversation, route });
  }
}
