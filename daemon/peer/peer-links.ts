// The established direct links, at most one per person: which of two links stays, the id by which the core knows it, and
// the events when it comes up and goes down.

import type { Clock } from "../../base/clock.ts";
import type { UserKey } from "../../protocol/ids.ts";
import type { Pin } from "../../protocol/pin.ts";
import type { CoreEvent } from "../core/inputs.ts";
import type { Push } from "../connection/line-client.ts";
import { DirectLink } from "./direct-link.ts";
import type { LinkEnd } from "./direct-link.ts";
import type { PeerWire } from "./peer-wire.ts";
import { whyLinkEnded } from "./direct-errors.ts";
import type { Person } from "./direct-deps.ts";

export interface PeerLinksOptions {
  readonly clock: Clock;
  readonly occur: (occurrence: CoreEvent) => void;
  /** @param pin of the link that it arrived on */
  readonly onPush: (push: Push, pin: Pin) => void;
  /** The person has a link now. Nothing that arrived on it has been delivered yet. */
  onUp(link: DirectLink): void;
  /** The person has no link any more. */
  onDown(link: DirectLink, end: LinkEnd): void;
}

/** A connection on which both ends proved their keys and one admitted the other. */
export interface Admitted {
  readonly peer: Person;
  readonly pin: Pin;
  readonly me: Person;
  readonly ownPin: Pin;
  readonly dialled: boolean;
  readonly address: string;
  readonly wire: PeerWire;
}

/**
 * If both ends dial, links that come up within this time are treated as simultaneous. After it, the newer link replaces the
 * older one.
 */
const simultaneousMs = 5_000;
/** Replaced links per person that stay open until what is in flight on them has finished. */
const maxRetired = 4;

export class PeerLinks {
  readonly #options: PeerLinksOptions;
  readonly #byPerson = new Map<UserKey, DirectLink>();
  readonly #byId = new Map<number, DirectLink>();
  readonly #retired = new Set<DirectLink>();
  #nextId = 1;

  constructor(options: PeerLinksOptions) {
    this.#options = options;
  }

  of(user: UserKey): DirectLink | undefined {
    return this.#byPerson.get(user);
  }

  byId(id: number): DirectLink | undefined {
    return this.#byId.get(id);
  }

  all(): DirectLink[] {
    return [...this.#byPerson.values()];
  }

  add(admitted: Admitted): void {
    const { clock, occur, onPush } = this.#options;
    const { ownPin, ...parts } = admitted;
    const { peer } = parts;
    const onEnd = (ended: DirectLink, end: LinkEnd): void => this.#ended(ended, end);
    const fromPeer = (push: Push): void => onPush(push, parts.pin);
    const link = new DirectLink({ ...parts, id: this.#nextId++, clock, onPush: fromPeer, onEnd });
    const before = this.#byPerson.get(peer.key);
    if (before && !this.#replaces(link, before, ownPin)) {
      this.#retire(link);
      link.start();
      return;
    }
    this.#byPerson.set(peer.key, link);
    this.#byId.set(link.id, link);
    if (before) this.#retire(before);
    occur({ kind: "direct", conversation: peer.conversation, link: link.id });
    occur({ kind: "route", conversation: peer.conversation, route: { kind: "direct", address: link.address } });
    this.#options.onUp(link);
    // Last, because requests that already wait on it, perhaps its end, are delivered at once.
    link.start();
  }

  /** Tells that person and accepts nothing more from them. */
  async end(user: UserKey, end: "offline" | "closed"): Promise<void> {
    await this.#leaveAll(
      end,
      this.#open().filter(({ peer }) => peer.key === user),
    );
  }

  /** Like `end`, for everyone. */
  async endAll(end: "offline" | "closed"): Promise<void> {
    await this.#leaveAll(end, this.#open());
  }

  /** Closes all links at once, because requests can no longer be served. The peers send unanswered requests again. */
  destroyAll(): void {
    for (const link of this.#open()) link.destroy();
  }

  #open(): DirectLink[] {
    return [...this.all(), ...this.#retired];
  }

  async #leaveAll(end: "offline" | "closed", links: readonly DirectLink[]): Promise<void> {
    await Promise.all(links.map((link) => link.leave(end)));
  }

  /** Retires a link that another one replaces. */
  #retire(link: DirectLink): void {
    const [oldest, ...others] = [...this.#retired].filter(({ peer }) => peer.key === link.peer.key);
    if (oldest && others.length + 1 >= maxRetired) {
      this.#retired.delete(oldest);
      oldest.destroy();
    }
    this.#retired.add(link);
    link.retire();
  }

  /**
   * Of two simultaneous links, the one that the daemon with the smaller pin dialled stays. Both ends know which one that
   * is.
   */
  #replaces(link: DirectLink, before: DirectLink, ownPin: Pin): boolean {
    const isSimultaneous = this.#options.clock.monotonicMs() - before.sinceMs < simultaneousMs;
    if (!isSimultaneous || link.dialled === before.dialled) return true;
    return link.dialled === ownPin < link.pin;
  }

  #ended(link: DirectLink, end: LinkEnd): void {
    this.#byId.delete(link.id);
    this.#retired.delete(link);
    const { peer } = link;
    if (this.#byPerson.get(peer.key) !== link) return;
    this.#byPerson.delete(peer.key);
    const { conversation, name } = peer;
    this.#options.occur({ kind: "direct", conversation, link: undefined });
    this.#options.occur({ kind: "route", conversation, route: { kind: "server", why: whyLinkEnded(name, end) } });
    if (end === "offline") this.#options.occur({ kind: "people", people: [{ name, state: "offline" }] });
    this.#options.onDown(link, end);
  }
}
