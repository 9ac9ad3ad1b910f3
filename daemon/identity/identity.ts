// Which installation this is, by an id that it says and a key that it proves, and the sessions it holds at servers, one an
// account: small files, private to the person and replaced atomically. The password is never in them; the daemon only
// ever has it while it signs in.

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
  readonly #machine: () => string | undefined;
  readonly #nowMs: () => number;
  readonly #sessionPath: string;
  #device: Device | undefined;
  #tls: Promise<TlsIdentity> | undefined;

  /**
   * @param home a private folder
   * @param machine which machine this is, where that is known
   * @param nowMs since 1970
   */
  constructor(home: string, machine: () => string | undefined = machineName, nowMs: () => number = Date.now) {
    this.#home = home;
    this.#machine = machine;
    this.#nowMs = nowMs;
    this.#sessionPath = join(home, "session.json");
  }

  /**
   * Which device this home is, settled when it is asked for the first time: by the one process of the home only. A copied
   * home is a new device, and signed in nowhere: the sessions in it are the original's.
   * @throws where that cannot be read or stored
   */
  own(): Device {
    this.#device ??= this.#settle();
    return this.#device;
  }

  /** The id of this installation; the server lets the same one take its session over silently [P-4.1]. */
  device(): string {
    return this.own().id;
  }

  /**
   * The device key and its certificate, made when it is first needed [P-1.9].
   * @throws a sentence where its file is damaged, each time until it is mended
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
