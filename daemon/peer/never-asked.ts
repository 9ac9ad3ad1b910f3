// People whom this person never wants to be asked about again ("Stop asking me"): denied without a question, until this
// person wants to talk to them. A small private file of the account; it holds names and nothing else.

import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import type { UserKey } from "../../protocol/ids.ts";
import { list } from "../../protocol/lenient.ts";
import { object, string } from "../../protocol/validate.ts";

const schema = object({ users: list(string({ min: 1, max: 256 })) });

export class NeverAsked {
  #path: string | undefined;
  #users: ReadonlySet<string> = new Set();

  open(path: string): void {
    this.#path = path;
    this.#users = new Set(readPrivateJson(path, schema)?.users ?? []);
  }

  close(): void {
    this.#path = undefined;
    this.#users = new Set();
  }

  has(user: UserKey): boolean {
    return this.#users.has(user);
  }

  /** Changes the list. @throws if it cannot be stored; it then holds in memory only */
  set(user: UserKey, unasked: boolean): void {
    if (this.#users.has(user) === unasked) return;
    const users = new Set(this.#users);
    if (unasked) users.add(user);
    else users.delete(user);
    this.#users = users;
    if (this.#path !== undefined) writePrivateFile(this.#path, `${JSON.stringify({ users: [...users] })}\n`);
  }
}
