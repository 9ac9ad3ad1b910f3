// Decides who may learn this machine's address and connect to it. That takes this person's consent, given now, given
// earlier, or implied because this person asked first. Every yes and every admission goes through here.

import type { UserKey } from "../../protocol/ids.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { isIpAddress } from "../../protocol/ip/ip.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import type { requestPush } from "../../protocol/wire/direct.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { samePin } from "../../base/tls/certificate-pin.ts";
import type { ConsentRequest, QuestionAnswer } from "../../protocol/api/direct.ts";
import type { Keys } from "./keys.ts";
import type { PeerRecord } from "./key-book.ts";
import { Denials } from "./denials.ts";
import type { ConsentRequests } from "./consent-requests.ts";
import { switchedOff } from "./direct-errors.ts";
import type { DirectSettings } from "./direct-settings.ts";
import type { NeverAsked } from "./never-asked.ts";
import { personOf } from "./direct-deps.ts";
import type { DirectDeps, Person } from "./direct-deps.ts";

export interface ConsentPolicyOptions {
  readonly deps: DirectDeps;
  readonly keys: Keys;
  readonly questions: ConsentRequests;
  readonly unasked: NeverAsked;
  readonly settings: () => DirectSettings;
  /** Whether this person asked to connect to them and is waiting for the link. */
  readonly wants: (user: UserKey) => boolean;
  /** Whether there is a link to them that uses that key. */
  readonly isLinked: (user: UserKey, pin: Pin) => boolean;
  /**
   * Whether this person only asked for their address, so that their client asks back automatically. True once per answer.
   */
  readonly isAskBack: (user: UserKey) => Promise<boolean>;
}

/**
 * Whether a connection is admitted. `other_key`: the name is known with another key. `not_agreed`: the key matches, but
 * nobody has agreed to a connection. `unknown`: neither the name nor the key is known.
 */
export type Admission = "admitted" | "other_key" | "not_agreed" | "unknown";

interface Grant {
  readonly pin: Pin;
  /** This person asked for the link, so the question that the other client asks back is answered with yes. */
  readonly asked: boolean;
  /** On the monotonic clock, in milliseconds. */
  readonly untilMs: number;
}

/** Time for a link to come up after a yes, or to come back after it broke. */
const grantMs = 60_000;

const denied = failure("denied");

export class ConsentPolicy {
  readonly #options: ConsentPolicyOptions;
  readonly #grants = new Map<UserKey, Grant>();
  readonly #denials: Denials;
  /** Incremented whenever all consent becomes void. An answer to a question from an earlier round no longer counts. */
  #round = 0;

  constructor(options: ConsentPolicyOptions) {
    this.#options = options;
    this.#denials = new Denials(options.deps.clock);
  }

  /**
   * Handles a request that the server makes on behalf of `from` [P-6.3].
   * @returns the reason for the refusal; or the person who was agreed to, with the key of their device if they proved one
   */
  async introduced({
    from,
    key,
    ip,
  }: ParamsOf<typeof requestPush>): Promise<Failure | { readonly person: Person; readonly pin: Pin | undefined }> {
    const { deps, keys, wants, isAskBack } = this.#options;
    const person = this.#strangerNamed(from);
    if ("code" in person) return person;
    const pin = key !== undefined && isPin(key) ? key : undefined;
    if (this.#isChanged(person, pin)) return failure("denied", "Their device is known with another key.");
    const round = this.#round;
    if (!this.#isAllowed(person, pin) && (await isAskBack(person.key))) return denied;
    if (round !== this.#round) return denied;
    // Checked again: this person may have asked them in the meantime.
    if (!this.#isAllowed(person, pin) && !(await this.#asksAndAgrees(person, pin, ip))) return denied;
    if (deps.isBlocked(person.conversation)) return denied;
    // Only now, because nothing is stored about people who were denied.
    if (pin !== undefined && keys.see(person, pin).changed !== undefined) return denied;
    if (pin !== undefined) this.grant(person, pin, wants(person.key) || this.#granted(person.key, pin)?.asked === true);
    return { person, pin };
  }

  /** Handles a process on this machine that claims to be `from`. Nobody vouches for it, so a yes admits nothing. */
  async claimed(from: string, pin: Pin | undefined, ip: string): Promise<Failure | undefined> {
    const person = this.#strangerNamed(from);
    if ("code" in person) return person;
    const known = this.#options.keys.get(person.key);
    const keyChanged = known !== undefined && (pin === undefined || !samePin(known.pin, pin));
    const shown = pin === undefined ? {} : { key: pin };
    const question = { user: person.name, ...shown, ip, vouched: false, keyChanged };
    return (await this.#agreed(person, question, false)) ? undefined : denied;
  }

  /** Decides whether a connection that proved that key and claims to be that person becomes a link. */
  judge(person: Person, pin: Pin): Admission {
    const { deps, keys, settings } = this.#options;
    const known = keys.get(person.key);
    if (!known) return "unknown";
    if (!samePin(known.pin, pin)) return "other_key";
    if (known.changed !== undefined || settings().mode === "off") return "not_agreed";
    if (deps.isBlocked(person.conversation)) return "not_agreed";
    return known.alwaysSinceMs !== undefined || this.#granted(person.key, pin) ? "admitted" : "not_agreed";
  }

  /** Returns the person with the name as the server spelled it, no matter how the peer spells it. */
  asKnown(person: Person): Person {
    const known = this.#options.keys.get(person.key);
    return (known && personOf(known.name)) ?? person;
  }

  /** Drops earlier denials, because this person wants to talk to them. @throws if that cannot be stored */
  welcome(user: UserKey): void {
    this.#denials.forget(user);
    this.#options.unasked.set(user, false);
  }

  /** Admits that key of that person for a while. */
  grant(person: Person, pin: Pin, asked: boolean): void {
    this.#grants.set(person.key, { pin, asked, untilMs: this.#options.deps.clock.monotonicMs() + grantMs });
  }

  /**
   * Admits that key again for a while after their link broke. Keeps whether a question of theirs needs an answer by this
   * person.
   */
  renew(person: Person, pin: Pin): void {
    const before = this.#grants.get(person.key);
    this.grant(person, pin, before !== undefined && samePin(before.pin, pin) && before.asked);
  }

  /** Ends a consent that was given once. */
  withdraw(user: UserKey): void {
    this.#grants.delete(user);
  }

  /**
   * Voids every consent that was given once and denies all open questions: the account changed, or direct talk was switched
   * off.
   */
  reset(): void {
    this.#round += 1;
    this.#grants.clear();
    this.#options.questions.denyAll();
  }

  #strangerNamed(from: string): Person | Failure {
    const { deps, keys, settings } = this.#options;
    const person = personOf(from);
    const me = deps.me();
    if (settings().mode === "off") return switchedOff;
    if (keys.trouble) return keys.trouble;
    if (!me) return failure("offline", "Nobody is signed in here.");
    if (!person) return failure("bad_request", "from is not a user name.");
    if (person.key === me.key) return failure("not_you", "That is the name of the person you ask.");
    return deps.isBlocked(person.conversation) ? denied : person;
  }

  /** Records a key that differs from the pinned one. It is not used until this person accepts it. */
  #isChanged(person: Person, pin: Pin | undefined): boolean {
    const { keys } = this.#options;
    if (pin === undefined || !keys.get(person.key)) return false;
    return keys.see(person, pin).changed !== undefined;
  }

  #isAllowed(person: Person, pin: Pin | undefined): boolean {
    const { deps, keys, settings, wants, isLinked } = this.#options;
    const known: PeerRecord | undefined = keys.get(person.key);
    if (pin === undefined && known) return false;
    if (wants(person.key)) return true;
    // Both ends ask: this person is not asked about a link they have just asked for, or already have.
    if (pin !== undefined && (this.#granted(person.key, pin)?.asked === true || isLinked(person.key, pin))) return true;
    if (known?.alwaysSinceMs !== undefined) return true;
    return settings().mode === "contacts" && deps.hasWritten(person.conversation);
  }

  /** Asks this person whether that person, with that key, may talk to them. */
  async #asksAndAgrees(person: Person, pin: Pin | undefined, ip: string | undefined): Promise<boolean> {
    const { keys } = this.#options;
    const place = ip !== undefined && isIpAddress(ip) ? { ip } : {};
    const shown = pin === undefined ? {} : { key: pin };
    const keyChanged = pin === undefined && keys.get(person.key) !== undefined;
    const question = { user: person.name, ...shown, ...place, vouched: true, keyChanged };
    const answer = await this.#agreed(person, question, this.#isKnown(person));
    if (answer === undefined) return false;
    if (pin === undefined) return true;
    // The consent was for that key. In the meantime another key may have been accepted for the contact, or been shown.
    const record = keys.see(person, pin);
    if (!samePin(record.pin, pin) || record.changed !== undefined) return false;
    if (answer === "always") keys.allowAlways(record);
    return true;
  }

  /** Asks, unless an earlier denial still holds. @returns the consent, if it was given and still counts */
  async #agreed(
    person: Person,
    question: Omit<ConsentRequest, "id" | "expiresAtMs">,
    known: boolean,
  ): Promise<"once" | "always" | undefined> {
    const { deps, questions, unasked } = this.#options;
    const asker = { user: person.key, ip: question.ip, vouched: question.vouched, known };
    if (unasked.has(person.key) || this.#denials.holds(asker)) return undefined;
    const round = this.#round;
    const answer: QuestionAnswer | undefined = await questions.ask(question, known);
    if (answer === undefined || round !== this.#round) return undefined;
    if (answer === "once" || answer === "always") {
      this.#denials.forget(person.key);
      return answer;
    }
    this.#denials.add(asker);
    if (answer === "stop") unasked.set(person.key, true);
    if (answer === "block") await deps.block(person.name);
    return undefined;
  }

  /** Known people have slots of their own for questions, and denials of others at their address do not apply to them. */
  #isKnown({ key, conversation }: Person): boolean {
    const { deps, keys } = this.#options;
    const record = keys.get(key);
    return record?.verified === true || record?.alwaysSinceMs !== undefined || deps.hasWritten(conversation);
  }

  #granted(user: UserKey, pin: Pin): Grant | undefined {
    const grant = this.#grants.get(user);
    const holds = grant && samePin(grant.pin, pin) && grant.untilMs > this.#options.deps.clock.monotonicMs();
    return holds ? grant : undefined;
  }
}
