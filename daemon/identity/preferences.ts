// What a person decided, whichever account they use: their own presence, whether others learn that they are writing or have
// read, and how long messages are kept. A small private file.

import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/private-file.ts";
import { ownPresenceField } from "../../protocol/editor/model.ts";
import type { OwnPresence } from "../../protocol/editor/model.ts";
import { boolean, integer, object, optional } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const preferencesSchema = object({
  ...{ typing: boolean, readMarks: boolean, presence: optional(ownPresenceField) },
  keptDays: optional(integer({ min: 1 })),
});
type Values = Infer<typeof preferencesSchema>;

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

  /** How many days messages are kept; undefined: for ever. */
  get keptDays(): number | undefined {
    return this.#values.keptDays;
  }

  /** Undefined while the person has never said one. */
  get presence(): OwnPresence | undefined {
    return this.#values.presence;
  }

  /** @param days undefined: for ever @throws what the file system says; then nothing has changed */
  keepDays(days: number | undefined): void {
    const values = { ...this.#values };
    delete values.keptDays;
    this.#write(days === undefined ? values : { ...values, keptDays: days });
  }

  /** @throws what the file system says; then nothing has changed */
  change(changed: Partial<Values>): void {
    this.#write({ ...this.#values, ...changed });
  }

  #write(values: Values): void {
    writePrivateFile(this.#path, `${JSON.stringify(values)}\n`);
    this.#values = values;
  }
}
