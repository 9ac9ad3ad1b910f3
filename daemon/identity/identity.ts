// Which installation this is, by an id that it says and a key that it proves, and the session it holds at a server: small
// files, private to the person and replaced atomically. The password is never in them; the daemon only ever has it while
// it signs in.

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/private-file.ts";
import { ownIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
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
  readonly #home: string;
  readonly #devicePath: string;
  readonly #sessionPath: string;
  #tls: Promise<TlsIdentity> | undefined;

  /** @param home a private folder */
  constructor(home: string) {
    this.#home = home;
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

  /**
   * The device key and its certificate, made when it is first needed [P-1.9].
   * @throws a sentence where its file is damaged, each time until it is mended
   */
  async tls(nowMs: number): Promise<TlsIdentity> {
    this.#tls ??= ownIdentity(this.#home, "chat-room device", nowMs);
    try {
      return await this.#tls;
    } catch (error) {
      this.#tls = undefined;
      throw error;
    }
  }

  /** A damaged file is as good as none: the person signs in again. */
  session(): StoredSession | undefined {
    return readPrivateJson(this.#sessionPath, sessionSchema);
  }

  keepSession(session: StoredSession): void {
    writePrivateFile(this.#sessionPath, JSON.stringify(session));
  }

  /**
   * Keeps whom, for the next sign-in, but not the token; on a full disk neither.
   * @throws where even the removal fails
   */
  endSession(): void {
    const known = this.session();
    if (known?.token === undefined) return;
    try {
      this.keepSession({ account: known.account });
    } catch {
      rmSync(this.#sessionPath, { force: true });
    }
  }
}
