// Identifies this installation by an id and a key that it can prove, and stores its sessions at servers, one per account.
// The files are small, private to the person and replaced atomically. They never contain the password; the daemon has it
// only while it signs in.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { ownIdentity } from "../../base/tls/identity.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { ownDevice } from "../../base/home/device.ts";
import type { Device } from "../../base/home/device.ts";
import { machineName } from "./machine-id.ts";
import { account, sameAccount } from "../../protocol/api/model.ts";
import type { Account } from "../../protocol/api/model.ts";
import { array, object, optional, string } from "../../protocol/validate.ts";

const sessionFields = { account, token: optional(string({ min: 1, max: 256 })) };
/** The current account, and the earlier ones. A version that supported one account wrote only the first part. */
const sessionsSchema = object({ ...sessionFields, others: optional(array(object(sessionFields))) });
/** The most recently used ones. */
const maxAccounts = 32;

export interface StoredSession {
  readonly account: Account;
  /** Absent after the session has ended. */
  readonly token?: string;
}

export class Identity {
  readonly #home: string;
  readonly #machine: () => string | undefined;
  readonly #nowMs: () => number;
  readonly #sessionPath: string;
  #device: Device | undefined;
  #tls: Promise<TlsIdentity> | undefined;

  /**
   * @param home a private folder
   * @param machine identifies this machine, if that is known
   * @param nowMs milliseconds since 1970
   */
  constructor(home: string, machine: () => string | undefined = machineName, nowMs: () => number = Date.now) {
    this.#home = home;
    this.#machine = machine;
    this.#nowMs = nowMs;
    this.#sessionPath = join(home, "session.json");
  }

  /**
   * Returns the device of this home. Determined on first use, by the one process of the home only. A copied home is a new
   * device and signed in nowhere: the sessions in it belong to the original.
   * @throws if that cannot be read or stored
   */
  own(): Device {
    this.#device ??= this.#settle();
    return this.#device;
  }

  /** The id of this installation. The server lets the same id take over its session silently [P-4.1]. */
  device(): string {
    return this.own().id;
  }

  /**
   * Returns the device key and its certificate, creating them on first use [P-1.9].
   * @throws an error with a sentence while the file is damaged
   */
  async tls(nowMs: number): Promise<TlsIdentity> {
    this.#tls ??= ownIdentity(this.own().folder, "chat-room device", nowMs);
    try {
      return await this.#tls;
    } catch (error) {
      this.#tls = undefined;
      throw error;
    }
  }

  /** The session of the current account. A damaged file counts as none: the person signs in again. */
  session(): StoredSession | undefined {
    return this.sessions()[0];
  }

  /** The sessions of all known accounts, the current one first. */
  sessions(): readonly StoredSession[] {
    const read = readPrivateJson(this.#sessionPath, sessionsSchema);
    if (!read) return [];
    const { others = [], ...present } = read;
    return [present, ...others];
  }

  /** Makes that account the current one. @param isSame also matches an account under another address */
  keepSession(session: StoredSession, isSame: (one: Account, other: Account) => boolean = sameAccount): void {
    this.#keep([session, ...this.sessions().filter((each) => !isSame(each.account, session.account))]);
  }

  #settle(): Device {
    const device = ownDevice(this.#home, { machine: this.#machine(), nowMs: Math.round(this.#nowMs()) });
    if (device.isNew) this.#keep(this.sessions().map(({ account }) => ({ account })));
    return device;
  }

  #keep([present, ...others]: readonly StoredSession[]): void {
    if (!present) return;
    const kept = { ...present, ...(others.length === 0 ? {} : { others: others.slice(0, maxAccounts - 1) }) };
    writePrivateFile(this.#sessionPath, JSON.stringify(kept));
  }

  /**
   * Ends the session: removes the token and keeps the name for the next sign-in. On a full disk the whole file is removed,
   * with the other accounts.
   * @throws if even the removal fails
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
