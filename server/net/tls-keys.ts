// The key that the server shows throughout its run: read at the start, and read again when the operator asks. A key that
// cannot be used never replaces it. The old key announces a change at the moment when the new one is shown.

import { messageOf } from "../../base/error-message.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import type { PinStatement } from "../../protocol/wire/session.ts";
import { Succession } from "./key-succession.ts";
import { reloadedIdentity, serverIdentity } from "./tls-identity.ts";
import type { TlsSource } from "./tls-identity.ts";

export class TlsKeys {
  readonly #source: TlsSource;
  readonly #succession: Succession;
  #identity: TlsIdentity;

  private constructor(source: TlsSource, identity: TlsIdentity) {
    this.#source = source;
    this.#identity = identity;
    this.#succession = new Succession(source.data, source.log);
    this.#succession.started(identity);
  }

  /** @param nowMs since 1970 @throws an error whose sentence says what to do */
  static async open(source: TlsSource, nowMs: number): Promise<TlsKeys> {
    return new TlsKeys(source, await serverIdentity(source, nowMs));
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** For clients that know an earlier key [P-1.11]. */
  get statements(): readonly PinStatement[] {
    return this.#succession.statements;
  }

  /** @param show gives the key to later handshakes @returns false if the old one stays; the log says why */
  reload(show: (identity: TlsIdentity) => void): boolean {
    const { log } = this.#source;
    try {
      const [old, next] = [this.#identity, reloadedIdentity(this.#source)];
      show(next);
      this.#identity = next;
      this.#succession.changes(old, next);
      log.info("tls_reloaded", { pin: next.pin });
      return true;
    } catch (error) {
      log.error("tls_not_reloaded", { error: messageOf(error) });
      return false;
    }
  }
}
