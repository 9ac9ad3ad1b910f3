// What a person decided: whether others learn that they are writing or have read and how long messages
// are kept, whichever account they use; and for each account its own presence, for what is said at one server is for nobody
// at another. A small private file.

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
  /** By account; who said it last is last. */
  presences: maybe(list(object({ account: string({ min: 1 }), presence: ownPresenceField }))),
  /** Of the time when there was one for all accounts: it becomes that of the first that is entered. */
  presence: optional(ownPresenceField),
  keptDays: optional(integer({ min: 1 })),
});
type Values = Infer<typeof preferencesSchema>;

const maxPresences = 64;

const first: Values = { typing: true, readMarks: true };

export class Preferences {
  readonly #path: string;
  #values: Values;

  /** @param home a private folder */
  constructor(home: string) {
    this.#path = join(home, "preferences.json");
    this.#values = readPrivateJson(this.#path, preferencesSchema) ?? first;
  }

  get typing(): boolean {
    return this.#values.typing;
  }

  get readMarks(): boolean {
    return this.#values.readMarks;
  }

  /** @param account names the account, see `accountKey` @returns undefined while the person has never said one there */
  presenceOf(account: string): OwnPresence | undefined {
    return this.#values.presences?.find((each) => each.account === account)?.presence;
  }

  /** @throws as `change` */
  setPresence(account: string, presence: OwnPresence): void {
    const others = (this.#values.presences ?? []).filter((each) => each.account !== account);
    this.change({ presences: [...others.slice(1 - maxPresences), { account, presence }] });
  }

  /** What was said for all accounts is for that one. @throws as `change` */
  settleFormer(account: string): void {
    const { presence, ...rest } = this.#values;
    if (presence === undefined) return;
    this.#values = rest;
    if (this.presenceOf(account) === undefined) this.setPresence(account, presence);
  }

  /** How many days messages are kept; undefined: for ever. */
  get keptDays(): number | undefined {
    return this.#values.keptDays;
  }

  /** @param days undefined: for ever @throws what the file system says; then nothing has changed */
  keepDays(days: number | undefined): void {
    const values = { ...this.#values };
    delete values.keptDays;
    this.#write(days === undefined ? values : { ...values, keptDays: days });
  }

  /** @throws what the file system says; then nothing has changed */
  change(changed: Partial<Omit<Values, "presence">>): void {
    this.#write({ ...this.#values, ...changed });
  }

  #write(values: Values): void {
    writePrivateFile(this.#path, `${JSON.stringify(values)}\n`);
    this.#values = values;
  }
}

/** Names an account for ever: by the key of its server, whatever that is called. @param pin undefined where none is known */
export function accountKey({ server, user }: Account, pin: Pin | undefined): string {
  return `${pin ?? server} ${keyOfName(user)}`;
}
