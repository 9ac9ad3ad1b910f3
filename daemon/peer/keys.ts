// The keys of the contacts of the account that is signed in. Reads and changes its key book, and publishes every change to
// the views.

import { conversationWith } from "../../protocol/conversations/conversation-id.ts";
import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { safetyNumber } from "../../base/tls/safety-number.ts";
import { samePin } from "../../base/tls/certificate-pin.ts";
import { isPin } from "../../protocol/pin.ts";
import type { Pin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";
import { contactKeyOf, KeyBook } from "./key-book.ts";
import type { PeerRecord } from "./key-book.ts";
import { signInFirst } from "./direct-errors.ts";
import { personOf } from "./direct-deps.ts";
import type { DirectDeps, Person } from "./direct-deps.ts";

export class Keys {
  readonly #deps: DirectDeps;
  #book: KeyBook | undefined;
  #trouble: string | undefined;

  constructor(deps: DirectDeps) {
    this.#deps = deps;
  }

  /**
   * Opens the key book of an account. If it cannot be read, the person is told, and there is no direct talk until it is
   * repaired.
   */
  open(path: string): void {
    this.close();
    try {
      this.#book = new KeyBook(path);
      this.tellAll();
    } catch (error) {
      this.#trouble = messageOf(error);
      this.#deps.log.error("keys of contacts unreadable", { reason: this.#trouble });
      this.#deps.announce(this.#trouble);
    }
  }

  close(): void {
    this.#book = undefined;
    this.#trouble = undefined;
  }

  /** Why direct talk is not possible now. */
  get trouble(): Failure | undefined {
    if (this.#book) return undefined;
    return this.#trouble === undefined ? signInFirst : failure("unavailable", this.#trouble);
  }

  get(user: UserKey): PeerRecord | undefined {
    return this.#book?.get(user);
  }

  /** @throws if it cannot be stored */
  see(person: Person, pin: Pin): PeerRecord {
    return this.#write((book) => book.see(person, pin, this.#deps.clock.nowMs()));
  }

  /** @throws if it cannot be stored */
  allowAlways(known: PeerRecord): PeerRecord {
    return this.#write((book) => book.allowAlways(known, this.#deps.clock.nowMs()));
  }

  /** Publishes all keys again, for contacts that were added since. */
  tellAll(): void {
    for (const record of this.#book?.all() ?? []) this.#publish(record);
  }

  async safetyNumber(user: string): Promise<
    | {
        readonly ok: true;
        readonly digits: string;
        readonly key: string;
        readonly ownKey: string;
        readonly verified: boolean;
        readonly changed?: string;
      }
    | Failure
  > {
    const known = this.#find(user);
    if ("code" in known) return known;
    const me = this.#deps.me();
    if (!me) return signInFirst;
    const { pin: ownKey } = await this.#deps.identity();
    const digits = safetyNumber({ user: me.key, pin: ownKey }, { user: known.user, pin: known.pin });
    const { pin: key, verified, changed } = known;
    return { ok: true, digits, key, ownKey, verified, ...(changed === undefined ? {} : { changed }) };
  }

  verify(user: string, key: string, verified: boolean): { readonly ok: true } | Failure {
    const known = this.#find(user);
    if ("code" in known) return known;
    if (!isPin(key) || !samePin(known.pin, key)) {
      return failure("bad_request", `That is not the key of ${known.name}. Compare the safety number again.`);
    }
    this.#write((book) => book.verify(known, verified));
    return { ok: true };
  }

  /** Accepts a changed key. @returns the record with its new key */
  accept(user: string, key: string): PeerRecord | Failure {
    const known = this.#find(user);
    if ("code" in known) return known;
    if (isPin(key) && samePin(known.pin, key) && known.changed === undefined) return known;
    if (!isPin(key) || known.changed === undefined || !samePin(known.changed, key)) {
      return failure("bad_request", `That is not the key that ${known.name} showed last. Compare it again.`);
    }
    return this.#write((book) => book.accept(known, key, this.#deps.clock.nowMs()));
  }

  consents(): { readonly user: string; readonly key: string; readonly sinceMs: number }[] {
    return [...(this.#book?.all() ?? [])].flatMap(({ name, pin, alwaysSinceMs }) =>
      alwaysSinceMs === undefined ? [] : [{ user: name, key: pin, sinceMs: Math.round(alwaysSinceMs) }],
    );
  }

  revoke(user: UserKey): void {
    const known = this.get(user);
    if (known?.alwaysSinceMs !== undefined) this.#write((book) => book.revoke(known));
  }

  #find(user: string): PeerRecord | Failure {
    if (!this.#book) return this.trouble ?? signInFirst;
    const person = personOf(user);
    const known = person && this.get(person.key);
    return known ?? failure("bad_request", `No key of ${user} is known yet. Connect directly with them first.`);
  }

  #write(change: (book: KeyBook) => PeerRecord): PeerRecord {
    if (!this.#book) throw new Error("no account is open");
    const record = change(this.#book);
    this.#publish(record);
    return record;
  }

  #publish(record: PeerRecord): void {
    this.#deps.occur({ kind: "key", conversation: conversationWith(record.user), key: contactKeyOf(record) });
  }
}
