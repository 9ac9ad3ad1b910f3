// What a person decided about being seen, whichever account they use: their own presence, and whether others learn that
// they are writing or have read. A small private file.

import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/private-file.ts";
import { ownPresenceField } from "../../protocol/editor/model.ts";
import type { OwnPresence } from "../../protocol/editor/model.ts";
import { boolean, object, optional } from "../../protocol/validate.ts";
import type { Infer } from "../../protocol/validate.ts";

const preferencesSchema = object({ typing: boolean, readMarks: boolean, presence: optional(ownPresenceField) });
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

  /** Undefined while the person has never said one. */
  get presence(): OwnPresence | undefined {
    return this.#values.presence;
  }

  /** @throws what the file system says; then nothing has changed */
  change(changed: Partial<Values>): void {
    const values = { ...this.#values, ...changed };
    writePrivateFile(this.#path, `${JSON.stringify(values)}\n`);
    this.#values = values;
  }
}
