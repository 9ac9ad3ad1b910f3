// The key that the server shows, over its whole run: read at the start, read again when the operator says so, and never changed
// for one that does not do. A change is announced by the old key in the same moment in which the new one is shown.

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

  /** @param nowMs since 1970 @throws a sentence that says what to do */
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

  /** @param show hands the key to later handshakes @returns false: the old one stays, and the log says why */
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
