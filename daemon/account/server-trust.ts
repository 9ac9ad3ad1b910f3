// What a person can ask and decide about a server's key: who answers at an address, and that a key is the right one.

import { failure } from "../../protocol/errors.ts";
import type { Failure } from "../../protocol/errors.ts";
import type { Pin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";
import type { KnownServers } from "../identity/known-servers.ts";
import { parseTarget } from "../connection/server-address.ts";
import type { TlsConnector } from "../connection/tls-connector.ts";
import type { TrustVerdict } from "../connection/evaluate-trust.ts";

export interface Inspection {
  readonly ok: true;
  /** The address in its canonical spelling. */
  readonly server: string;
  /** The key that it shows. */
  readonly pin: string;
  readonly trust: TrustVerdict["trust"];
  /** The key that it should have. */
  readonly expected?: string;
}

export class ServerTrust {
  readonly #connector: TlsConnector;
  readonly #known: KnownServers;
  readonly #onTrusted: (server: string, pin: Pin) => void;

  /** @param onTrusted called before a different key is stored for a server; if it throws, the key is not stored */
  constructor(connector: TlsConnector, known: KnownServers, onTrusted: (server: string, pin: Pin) => void) {
    this.#connector = connector;
    this.#known = known;
    this.#onTrusted = onTrusted;
  }

  async inspect(params: { readonly server: string; readonly pin?: string | undefined }): Promise<Inspection | Failure> {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { address, wanted } = target;
    const met = await this.#connector.inspect(address, wanted);
    if ("reason" in met) return failure("unavailable", met.reason);
    const { shown, verdict } = met;
    const expected = "expected" in verdict ? { expected: verdict.expected } : {};
    return { ok: true, server: address.text, pin: shown, trust: verdict.trust, ...expected };
  }

  /**
   * Returns the address for others, which reaches that server and no other: `chat://HOST:PORT#PIN`. @param server in its
   * canonical spelling
   */
  addressOf(server: string): string {
    const pin = this.#known.find(server);
    return `chat://${server}${pin === undefined ? "" : `#${pin}`}`;
  }

  /** Trusts that key explicitly, in place of any known one. Does not contact the server. */
  trust(params: { readonly server: string; readonly pin: string }): { ok: true; server: string } | Failure {
    const target = parseTarget(params.server, params.pin);
    if (typeof target === "string") return failure("bad_request", target);
    const { address, wanted } = target;
    if (wanted === undefined) return failure("bad_request", "Which key? Give its pin.");
    try {
      this.#onTrusted(address.text, wanted);
      this.#known.keep(address.text, wanted);
    } catch (error) {
      return failure("unavailable", messageOf(error));
    }
    return { ok: true, server: address.text };
  }
}
