// The person's settings. For all accounts: whether others see that they are writing or have read, and how long messages are
// kept. Per account: the presence, because what is set at one server is not for people at another. A small private file.

import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { ownPresenceField } from "../../protocol/api/model.ts";
import type { Account, OwnPresence } from "../../protocol/api/model.ts";
import { keyOfName } from "../../protocol/names.ts";
import type { Pin } from "../../protocol/pin.ts";
import { list, maybe } from "../../protocol/lenient.ts";
import { boolean, integer, object, optional, string } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const preferencesSchema = object({
  typing: boolean,
  readMarks: boolean,
  /** Per account; the most recently set one is last. */
  presences: maybe(list(object({ account: string({ min: 1 }), presence: ownPresenceField }))),
  /** From versions with one presence for all accounts. It moves to the first account that becomes current. */
  presence: optional(ownPresenceField),
  keptDays: optional(integer({ min: 1 })),
});
type Values = Infer<typeof preferencesSchema>;

const maxPresences = 64;

const initial: Values = { typing: true, readMarks: true };

export class Preferences {
  readonly #path: string;
  #values: Values;

  /** @param home a private folder */
  constructor(home: string) {
    this.#path = join(home, "preferences.json");
    this.#values = readPrivateJson(this.#path, preferencesSchema) ?? initial;
  }

  get typing(): boolean {
    return this.#values.typing;
  }

  get readMarks(): boolean {
    return this.#values.readMarks;
  }

  /**
   * The presence of an account. @param account see `accountKey` @returns undefined if the person has never set one there
   */
  presenceOf(account: string): OwnPresence | undefined {
    return this.#values.presences?.find((each) => each.account === account)?.presence;
  }

  /** @throws like `change` */
  setPresence(account: string, presence: OwnPresence): void {
    const others = (this.#values.presences ?? []).filter((each) => each.account !== account);
    this.change({ presences: [...others.slice(1 - maxPresences), { account, presence }] });
  }

  /** Moves the presence of all accounts to that one. @throws like `change` */
  settleFormer(account: string): void {
    const { presence, ...rest } = this.#values;
    if (presence === undefined) return;
    this.#values = rest;
    if (this.presenceOf(account) === undefined) this.setPresence(account, presence);
  }

  /** How many days messages are kept; undefined: forever. */
  get keptDays(): number | undefined {
    return this.#values.keptDays;
  }

  /** @param days undefined: forever @throws the file system's error; then nothing has changed */
  keepDays(days: number | undefined): void {
    const values = { ...this.#values };
    delete values.keptDays;
    this.#write(days === undefined ? values : { ...values, keptDays: days });
  }

  /** @throws the file system's error; then nothing has changed */
  change(changed: Partial<Omit<Values, "presence">>): void {
    this.#write({ ...this.#values, ...changed });
  }

  #write(values: Values): void {
    writePrivateFile(this.#path, `${JSON.stringify(values)}\n`);
    this.#values = values;
  }
}

/**
 * Identifies an account permanently: by the key of its server, whatever its address. @param pin undefined if none is known
 */
export function accountKey({ server, user }: Account, pin: Pin | undefined): string {
  return `${pin ?? server} ${keyOfName(user)}`;
}
