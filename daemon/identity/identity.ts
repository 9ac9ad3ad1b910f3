// Which installation this is, by an id that it says and a key that it proves, and the sessions it holds at servers, one an
// account: small files, private to the person and replaced atomically. The password is never in them; the daemon only
// ever has it while it signs in.

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/private-file.ts";
import { ownIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { account, sameAccount } from "../../protocol/editor/model.ts";
import type { Account } from "../../protocol/editor/model.ts";
import { array, object, optional, string } from "../../protocol/validate.ts";

const deviceSchema = object({ id: string({ min: 8, max: 128 }) });
const sessionFields = { account, token: optional(string({ min: 1, max: 256 })) };
/** The present account, and those that were signed in before it; a version that knew one account wrote only that. */
const sessionsSchema = object({ ...sessionFields, others: optional(array(object(sessionFields))) });
/** The ones that were used last. */
const maxAccounts = 32;

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

  /** Of the present account. A damaged file is as good as none: the person signs in again. */
  session(): StoredSession | undefined {
    return this.sessions()[0];
  }

  /** Of every account that is known here, the present one first. */
  sessions(): readonly StoredSession[] {
    const read = readPrivateJson(this.#sessionPath, sessionsSchema);
    if (!read) return [];
    const { others = [], ...present } = read;
    return [present, ...others];
  }

  /** From now on that account is the present one. @param isSame also tells an account under another address */
  keepSession(session: StoredSession, isSame: (one: Account, other: Account) => boolean = sameAccount): void {
    const others = this.sessions().filter((each) => !isSame(each.account, session.account));
    const kept = { ...session, ...(others.length === 0 ? {} : { others: others.slice(0, maxAccounts - 1) }) };
    writePrivateFile(this.#sessionPath, JSON.stringify(kept));
  }

  /**
   * Keeps whom, for the next sign-in, but not the token; on a full disk nothing, of the other accounts either.
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
