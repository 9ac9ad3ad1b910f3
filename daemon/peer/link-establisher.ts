// From the wish to talk directly to a link, or to the reason why there is none: asks the server where the other is (who is
// asked for their word there), dials every address that may work, and lets the other dial too. One attempt a person. A
// link that broke is tried again for a while at the addresses it had, without the server.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Route } from "../../protocol/api/model.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { limits } from "../../protocol/limits.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";
import { Attempt } from "./attempt.ts";
import type { Connected } from "./attempt.ts";
import { machineInterfaces, ownAddresses } from "./local-addresses.ts";
import type { DialAddress } from "./dial.ts";
import type { DirectLink } from "./direct-link.ts";
import type { ConsentPolicy } from "./consent-policy.ts";
import type { Keys } from "./keys.ts";
import { openPeerLink } from "./open-peer-link.ts";
import type { PeerLinks } from "./peer-links.ts";
import { dialAddressesOf } from "./dial-addresses.ts";
import { givenUp, keyHasChanged, leftBehind, noDeviceKey, notConnected, notReached } from "./direct-errors.ts";
import type { AddressAnswer, DirectDeps, Person } from "./direct-deps.ts";

export interface LinkEstablisherOptions {
  readonly deps: DirectDeps;
  readonly keys: Keys;
  readonly links: PeerLinks;
  readonly consent: () => ConsentPolicy;
  /** Fulfilled when the other can dial too, as far as that is possible. */
  readonly listen: () => Promise<void>;
}

/** From the address to a link, whoever dials. */
const reachMs = 8_000;
/** All of an attempt. */
const attemptMs = limits.consentMs + limits.authenticationMs + reachMs;
/** After a link broke: it may be tried again at once, and then less and less. */
const againAfterMs: readonly number[] = [0, 300, 1_000, 3_000, 8_000, 15_000];
/** So soon after an address was given, the other's client asks back by itself. */
const askBackMs = 2_000;

export class LinkEstablisher {
  readonly #options: LinkEstablisherOptions;
  readonly #attempts = new Map<UserKey, Attempt>();
  /** Whom this person asked only for their address: when their asking back is over (monotonic), 0 before their answer. */
  readonly #lookedUp = new Map<UserKey, number>();
  readonly #places = new Map<UserKey, readonly DialAddress[]>();
  /** Rises when all that is under way is of no use any more. */
  #round = 0;
  /** Rises for a person when a link to them was ended on purpose: what was under way then must not bring it back. */
  readonly #ends = new Map<UserKey, number>();

  constructor(options: LinkEstablisherOptions) {
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
    return untilMs > this.#options.deps.clock.monotonicMs();
  }

  /** A link to that person, the one that stands or a new one. */
  async connect(person: Person): Promise<Connected> {
    const link = this.#options.links.of(person.key);
    if (link) return { ok: true, address: link.address };
    const running = this.#attempts.get(person.key);
    if (running) return await running.outcome;
    const attempt = new Attempt(this.#options.deps.clock);
    // Before the other is asked: that this person wants it too answers their question.
    this.#attempts.set(person.key, attempt);
    return await this.#run(person, attempt);
  }

  /** A link stands now. */
  linked({ peer, address }: DirectLink): void {
    this.#attempts.get(peer.key)?.settle({ ok: true, address });
  }

  /** Where that person is, and nothing else: the other's client may ask back, and is not let in for it. */
  async whereIs(person: Person): Promise<{ readonly ok: true; readonly value: AddressAnswer } | Failure> {
    const { deps } = this.#options;
    const { key } = person;
    if ((this.#lookedUp.get(key) ?? 0) <= deps.clock.monotonicMs()) this.#lookedUp.set(key, 0);
    const answer = await deps.askAddress({ target: person.name });
    if (answer?.ok === true) this.#lookedUp.set(key, deps.clock.monotonicMs() + askBackMs);
    else if (this.#lookedUp.get(key) === 0) this.#lookedUp.delete(key);
    return answer ?? notConnected;
  }

  /** The link broke though nobody ended it. */
  again(person: Person, pin: Pin): void {
    this.#again(person, pin).catch((error: unknown) => {
      this.#options.deps.log.error("link not tried again", { error: String(error) });
    });
  }

  /** Nobody wants a link to that person now: neither the one under way, nor one that broke. */
  cancel(user: UserKey): void {
    this.#ends.set(user, this.#endsOf(user) + 1);
    this.#giveUp(user, givenUp);
  }

  /** Another account, or switched off. */
  reset(): void {
    this.#round += 1;
    for (const user of [...this.#attempts.keys()]) this.#giveUp(user, leftBehind);
    this.#ends.clear();
    this.#lookedUp.clear();
    this.#places.clear();
  }

  #giveUp(user: UserKey, why: Failure): void {
    const attempt = this.#attempts.get(user);
    this.#attempts.delete(user);
    attempt?.settle(why);
  }

  async #run(person: Person, attempt: Attempt): Promise<Connected> {
    const { links } = this.#options;
    const round = this.#round;
    this.#show(person, { kind: "connecting" });
    attempt.within(attemptMs, notReached(person.name));
    this.#approach(person, attempt).catch((error: unknown) => {
      attempt.settle(failure("unavailable", messageOf(error)));
    });
    const outcome = await attempt.outcome;
    if (this.#attempts.get(person.key) === attempt) this.#attempts.delete(person.key);
    if (!outcome.ok && round === this.#round && !links.of(person.key)) {
      this.#show(person, { kind: "server", why: outcome.reason });
    }
    return outcome;
  }

  /** Finds out where they are, with their word, and dials. Meanwhile the other may dial too. */
  async #approach(person: Person, attempt: Attempt): Promise<void> {
    const { deps, keys, consent } = this.#options;
    const isWanted = this.#wish(person.key);
    await this.#options.listen();
    if (!isWanted()) return;
    const answer = await deps.askAddress({ target: person.name });
    if (!isWanted()) return;
    const found = answer ?? notConnected;
    if (!found.ok) {
      attempt.settle(found);
      return;
    }
    const { key } = found.value;
    if (key === undefined || !isPin(key)) {
      attempt.settle(noDeviceKey(person.name));
      return;
    }
    if (keys.see(person, key).changed !== undefined) {
      attempt.settle(failure("denied", keyHasChanged(person.name)));
      return;
    }
    const places = dialAddressesOf(found.value, ownAddresses(machineInterfaces()));
    this.#places.set(person.key, places);
    if (attempt.settled) return;
    consent().grant(person, key, true);
    attempt.within(reachMs, notReached(person.name));
    await this.#dial(person, key, places, isWanted);
  }

  async #dial(person: Person, pin: Pin, places: readonly DialAddress[], isWanted: () => boolean): Promise<void> {
    const { deps, links } = this.#options;
    await openPeerLink({ deps, links, person, pin, places, isWanted });
  }

  async #again(person: Person, pin: Pin): Promise<void> {
    const { deps, links, consent } = this.#options;
    const places = this.#places.get(person.key) ?? [];
    const isWanted = this.#wish(person.key);
    consent().renew(person, pin);
    for (const afterMs of againAfterMs) {
      await new Promise<void>((resolve) => deps.clock.setTimer(afterMs, resolve));
      if (!isWanted() || links.of(person.key) || consent().judge(person, pin) !== "admitted") return;
      if (places.length > 0) await this.#dial(person, pin, places, isWanted);
    }
    // What was agreed to anew in the meantime is not over.
    if (isWanted() && !links.of(person.key) && !this.wants(person.key)) consent().withdraw(person.key);
  }

  /** Whether what begins now for that person is still of use. */
  #wish(user: UserKey): () => boolean {
    const [round, ends] = [this.#round, this.#endsOf(user)];
    return () => round === this.#round && ends === this.#endsOf(user);
  }

  #endsOf(user: UserKey): number {
    return this.#ends.get(user) ?? 0;
  }

  #show(person: Person, route: Route): void {
    this.#options.deps.occur({ kind: "route", conversation: person.conversation, route });
  }
}
