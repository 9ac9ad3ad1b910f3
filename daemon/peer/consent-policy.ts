// Who may learn this machine's address and connect to it: the person's word, given now, given before, or given by having
// asked oneself. Nothing is answered with a yes and nobody is admitted but through here.

import type { UserKey } from "../../protocol/ids.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import { isIpAddress } from "../../protocol/ip/ip.ts";
import type { ParamsOf } from "../../protocol/wire/declare.ts";
import type { requestPush } from "../../protocol/wire/direct.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { samePin } from "../../base/tls/pin.ts";
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
  /** This person asked to connect to them and waits for it. */
  readonly wants: (user: UserKey) => boolean;
  /** There is a link to them, with that key. */
  readonly isLinked: (user: UserKey, pin: Pin) => boolean;
  /** This person only asked where they are, and their client asks back because they said so: true once for each answer. */
  readonly isAskBack: (user: UserKey) => Promise<boolean>;
}

/**
 * `other_key`: that name is known with another key. `not_agreed`: with this one, and nobody agreed to a connection now.
 * `unknown`: nothing is known of that name and key.
 */
export type Admission = "admitted" | "other_key" | "not_agreed" | "unknown";

interface Grant {
  readonly pin: Pin;
  /** This person asked for the link, so the other's asking back is answered with a yes. */
  readonly asked: boolean;
  /** On the monotonic clock, in milliseconds. */
  readonly untilMs: number;
}

/** For a link to come up after a yes, or again after it broke. */
const grantMs = 60_000;

const denied = failure("denied");

export class ConsentPolicy {
  readonly #options: ConsentPolicyOptions;
  readonly #grants = new Map<UserKey, Grant>();
  readonly #noes: Denials;
  /** Rises when everything that was agreed is void: an answer to a question from before counts no more. */
  #round = 0;

  constructor(options: ConsentPolicyOptions) {
    this.#options = options;
    this.#noes = new Denials(options.deps.clock);
  }

  /**
   * The server asks for `from` [P-6.3].
   * @returns why not; or the person that was agreed to, with the key of their device where they proved one
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
    // Looked at again: meanwhile this person may have asked them.
    if (!this.#isAllowed(person, pin) && !(await this.#saysYes(person, pin, ip))) return denied;
    if (deps.isBlocked(person.conversation)) return denied;
    // Only now: nothing is kept of whoever was denied.
    if (pin !== undefined && keys.see(person, pin).changed !== undefined) return denied;
    if (pin !== undefined) this.grant(person, pin, wants(person.key) || this.#granted(person.key, pin)?.asked === true);
    return { person, pin };
  }

  /** Somebody on this machine says that they are `from`, and nobody vouches for it: a yes admits nothing. */
  async claimed(from: string, pin: Pin | undefined, ip: string): Promise<Failure | undefined> {
    const person = this.#strangerNamed(from);
    if ("code" in person) return person;
    const known = this.#options.keys.get(person.key);
    const keyChanged = known !== undefined && (pin === undefined || !samePin(known.pin, pin));
    const shown = pin === undefined ? {} : { key: pin };
    const question = { user: person.name, ...shown, ip, vouched: false, keyChanged };
    return (await this.#agreed(person, question, false)) ? undefined : denied;
  }

  /** Whether a connection that proved that key, and says it is that person's, becomes a link. */
  judge(person: Person, pin: Pin): Admission {
    const { deps, keys, settings } = this.#options;
    const known = keys.get(person.key);
    if (!known) return "unknown";
    if (!samePin(known.pin, pin)) return "other_key";
    if (known.changed !== undefined || settings().mode === "off") return "not_agreed";
    if (deps.isBlocked(person.conversation)) return "not_agreed";
    return known.alwaysSinceMs !== undefined || this.#granted(person.key, pin) ? "admitted" : "not_agreed";
  }

  /** As the server spelled the name, whatever the peer itself says. */
  asKnown(person: Person): Person {
    const known = this.#options.keys.get(person.key);
    return (known && personOf(known.name)) ?? person;
  }

  /** This person wants to talk to them: no no of before holds. @throws where that cannot be stored */
  welcome(user: UserKey): void {
    this.#noes.forget(user);
    this.#options.unasked.set(user, false);
  }

  /** For a while that key of that person is admitted. */
  grant(person: Person, pin: Pin, asked: boolean): void {
    this.#grants.set(person.key, { pin, asked, untilMs: this.#options.deps.clock.monotonicMs() + grantMs });
  }

  /** Their link broke: for a while that key is let in again. What they ask is a question again, if it was one before. */
  renew(person: Person, pin: Pin): void {
    const before = this.#grants.get(person.key);
    this.grant(person, pin, before !== undefined && samePin(before.pin, pin) && before.asked);
  }

  /** What was agreed for once is over. */
  withdraw(user: UserKey): void {
    this.#grants.delete(user);
  }

  /** Another account, or switched off: nothing that was agreed for once, or is being asked, counts any more. */
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

  /** Another key than the pinned one is said, and waits for the person's own word. */
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
    // Both ends ask: what this person asked for just now, or has, is not asked again.
    if (pin !== undefined && (this.#granted(person.key, pin)?.asked === true || isLinked(person.key, pin))) return true;
    if (known?.alwaysSinceMs !== undefined) return true;
    return settings().mode === "contacts" && deps.hasWritten(person.conversation);
  }

  /** Asks this person whether they may be talked to by that one, with that key. */
  async #saysYes(person: Person, pin: Pin | undefined, ip: string | undefined): Promise<boolean> {
    const { keys } = this.#options;
    const place = ip !== undefined && isIpAddress(ip) ? { ip } : {};
    const shown = pin === undefined ? {} : { key: pin };
    const keyChanged = pin === undefined && keys.get(person.key) !== undefined;
    const question = { user: person.name, ...shown, ...place, vouched: true, keyChanged };
    const answer = await this.#agreed(person, question, this.#isKnown(person));
    if (answer === undefined) return false;
    if (pin === undefined) return true;
    // The word was about that key: meanwhile another one may have become the contact's, or been shown.
    const record = keys.see(person, pin);
    if (!samePin(record.pin, pin) || record.changed !== undefined) return false;
    if (answer === "always") keys.allowAlways(record);
    return true;
  }

  /** Asks, where a no from before does not hold. @returns the yes, if it was one and still counts */
  async #agreed(
    person: Person,
    question: Omit<ConsentRequest, "id" | "expiresAtMs">,
    known: boolean,
  ): Promise<"once" | "always" | undefined> {
    const { deps, questions, unasked } = this.#options;
    const asker = { user: person.key, ip: question.ip, vouched: question.vouched, known };
    if (unasked.has(person.key) || this.#noes.holds(asker)) return undefined;
    const round = this.#round;
    const answer: QuestionAnswer | undefined = await questions.ask(question, known);
    if (answer === undefined || round !== this.#round) return undefined;
    if (answer === "once" || answer === "always") {
      this.#noes.forget(person.key);
      return answer;
    }
    this.#noes.add(asker);
    if (answer === "stop") unasked.set(person.key, true);
    if (answer === "block") await deps.block(person.name);
    return undefined;
  }

  /** Their questions get places of their own, and what others at their address did is not held against them. */
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
