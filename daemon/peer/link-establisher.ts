// Establishes a direct link, or finds the reason why there is none. Asks the server for the other's address (the other
// person is asked for consent there), dials every address that may work, and lets the other end dial too. One attempt per
// person. A link that broke is retried for a while at its last addresses, without the server.

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
  /** Resolves once the other end can dial too, as far as that is possible. */
  readonly listen: () => Promise<void>;
}

/** From the address to the link, no matter which end dials. */
const reachMs = 8_000;
/** The whole attempt. */
const attemptMs = limits.consentMs + limits.authenticationMs + reachMs;
/** Delays after a link broke: retried at once, then less and less often. */
const retryAfterMs: readonly number[] = [0, 300, 1_000, 3_000, 8_000, 15_000];
/** If the other's client asks this soon after their address was given, it asks back automatically. */
const askBackMs = 2_000;

export class LinkEstablisher {
  readonly #options: LinkEstablisherOptions;
  readonly #attempts = new Map<UserKey, Attempt>();
  /**
   * People whose address alone was asked for: until when their asking back is expected (monotonic), 0 before their answer.
   */
  readonly #lookedUp = new Map<UserKey, number>();
  readonly #places = new Map<UserKey, readonly DialAddress[]>();
  /** Incremented when everything in progress becomes obsolete. */
  #round = 0;
  /** Per person, incremented when a link is ended on purpose. Attempts from before must not bring it back. */
  readonly #ends = new Map<UserKey, number>();

  constructor(options: LinkEstablisherOptions) {
    this.#options = options;
  }

  wants(user: UserKey): boolean {
    return this.#attempts.has(user);
  }

  /**
   * Whether they ask only because they have just given their address, and not because they want a link. True once per
   * answer.
   */
  async isAskBack(user: UserKey): Promise<boolean> {
    // Their answer may have arrived together with the question, and is handled first.
    if (this.#lookedUp.get(user) === 0) await new Promise((resolve) => setImmediate(resolve));
    const untilMs = this.#lookedUp.get(user) ?? 0;
    if (untilMs === 0) return false;
    this.#lookedUp.delete(user);
    return untilMs > this.#options.deps.clock.monotonicMs();
  }

  /** Returns the link to that person, or establishes one. */
  async connect(person: Person): Promise<Connected> {
    const link = this.#options.links.of(person.key);
    if (link) return { ok: true, address: link.address };
    const running = this.#attempts.get(person.key);
    if (running) return await running.outcome;
    const attempt = new Attempt(this.#options.deps.clock);
    // Before the other person is asked: this attempt is what answers their question with yes.
    this.#attempts.set(person.key, attempt);
    return await this.#run(person, attempt);
  }

  /** Settles the attempt for a link that has come up. */
  linked({ peer, address }: DirectLink): void {
    this.#attempts.get(peer.key)?.settle({ ok: true, address });
  }

  /** Asks for that person's address only. Their client may ask back, and is not admitted for that. */
  async whereIs(person: Person): Promise<{ readonly ok: true; readonly value: AddressAnswer } | Failure> {
    const { deps } = this.#options;
    const { key } = person;
    if ((this.#lookedUp.get(key) ?? 0) <= deps.clock.monotonicMs()) this.#lookedUp.set(key, 0);
    const answer = await deps.askAddress({ target: person.name });
    if (answer?.ok === true) this.#lookedUp.set(key, deps.clock.monotonicMs() + askBackMs);
    else if (this.#lookedUp.get(key) === 0) this.#lookedUp.delete(key);
    return answer ?? notConnected;
  }

  /** Retries a link that broke and that nobody ended. */
  again(person: Person, pin: Pin): void {
    this.#retry(person, pin).catch((error: unknown) => {
      this.#options.deps.log.error("link not tried again", { error: String(error) });
    });
  }

  /** Cancels the attempt for that person, and the retries of a link that broke. */
  cancel(user: UserKey): void {
    this.#ends.set(user, this.#endsOf(user) + 1);
    this.#cancelAttempt(user, givenUp);
  }

  /** Cancels everything: another account, or direct talk is switched off. */
  reset(): void {
    this.#round += 1;
    for (const user of [...this.#attempts.keys()]) this.#cancelAttempt(user, leftBehind);
    this.#ends.clear();
    this.#lookedUp.clear();
    this.#places.clear();
  }

  #cancelAttempt(user: UserKey, why: Failure): void {
    const attempt = this.#attempts.get(user);
    this.#attempts.delete(user);
    attempt?.settle(why);
  }

  async #run(person: Person, attempt: Attempt): Promise<Connected> {
    const { links } = this.#options;
    const round = this.#round;
    this.#show(person, { kind: "connecting" });
    attempt.within(attemptMs, notReached(person.name));
    this.#locateAndDial(person, attempt).catch((error: unknown) => {
      attempt.settle(failure("unavailable", messageOf(error)));
    });
    const outcome = await attempt.outcome;
    if (this.#attempts.get(person.key) === attempt) this.#attempts.delete(person.key);
    if (!outcome.ok && round === this.#round && !links.of(person.key)) {
      this.#show(person, { kind: "server", why: outcome.reason });
    }
    return outcome;
  }

  /** Asks for their address, which takes their consent, and dials it. Meanwhile the other end may dial too. */
  async #locateAndDial(person: Person, attempt: Attempt): Promise<void> {
    const { deps, keys, consent } = this.#options;
    const isWanted = this.#wantedFromNow(person.key);
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

  async #retry(person: Person, pin: Pin): Promise<void> {
    const { deps, links, consent } = this.#options;
    const places = this.#places.get(person.key) ?? [];
    const isWanted = this.#wantedFromNow(person.key);
    consent().renew(person, pin);
    for (const afterMs of retryAfterMs) {
      await new Promise<void>((resolve) => deps.clock.setTimer(afterMs, resolve));
      if (!isWanted() || links.of(person.key) || consent().judge(person, pin) !== "admitted") return;
      if (places.length > 0) await this.#dial(person, pin, places, isWanted);
    }
    // Consent that was given in the meantime stays.
    if (isWanted() && !links.of(person.key) && !this.wants(person.key)) consent().withdraw(person.key);
  }

  /** Returns a check whether an attempt that starts now is still wanted. */
  #wantedFromNow(user: UserKey): () => boolean {
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
