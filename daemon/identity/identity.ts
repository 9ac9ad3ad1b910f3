// Which installation this is, and the session it holds at a server: two small files, private to the person and replaced
// atomically. The password is never in them; the daemon only ever has it while it signs in.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/private-file.ts";
import { account } from "../../protocol/editor/model.ts";
import type { Account } from "../../protocol/editor/model.ts";
import { object, optional, string } from "../../protocol/validate.ts";

const deviceSchema = object({ id: string({ min: 8, max: 128 }) });
const sessionSchema = object({ account, token: optional(string({ min: 1, max: 256 })) });

export interface StoredSession {
  readonly account: Account;
  /** Absent after the session ended. */
  readonly token?: string;
}

export class Identity {
  readonly #devicePath: string;
  readonly #sessionPath: string;

  /** @param home a private folder */
  constructor(home: string) {
    this.#devicePath = join(home, "device.json");
    this.#sessionPath = join(home, "session.json");
  }

  /** The id of this installation; the server lets the same one take its session over silently [P-4.1]. */
  device(): string {
    const known = readPrivateJson(this.#devicePath, deviceSchema);
    if (known) return known.id;
    const id = randomUUID();
    writePrivateFile(this.#devicePath, JSON.stringify({ id }));
    return id;
  }

  /** A damaged file is as good as none: the person signs in again. */
  session(): StoredSession | undefined {
    return readPrivateJson(this.#sessionPath, sessionSchema);
  }

  keepSession(session: StoredSession): void {
    writePrivateFile(this.#sessionPath, JSON.stringify(session));
  }

  /** Keeps whom, for the next sign-in, but not the token. */
  endSession(): void {
    const known = this.session();
    if (known?.token !== undefined) this.keepSession({ account: known.account });
  }
}
