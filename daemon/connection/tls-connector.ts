// Connections to servers: always TLS 1.3, even on this machine [P-1.10]. Shows the device's certificate, takes the server's
// key from the finished handshake and checks it (evaluate-trust.ts) before anything of ours is sent. A server with another
// key than before is asked for a statement by the old key, with a request that is always the same [P-1.11]. Dates of
// certificates are not checked, so a clock that jumps does not lock anybody out.

import { isIP } from "node:net";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { isLoopback } from "../../protocol/ip/loopback.ts";
import type { TlsIdentity } from "../../base/tls/identity.ts";
import { pinOfPeer } from "../../base/tls/certificate-pin.ts";
import { limits } from "../../protocol/limits.ts";
import { pins } from "../../protocol/wire/session.ts";
import type { Pin } from "../../protocol/pin.ts";
import { messageOf } from "../../base/error-message.ts";
import type { KnownServers } from "../identity/known-servers.ts";
import type { ServerAddress } from "./server-address.ts";
import type { Connector, ConnectError } from "./connector.ts";
import { LineClient } from "./line-client.ts";
import { systemRoots } from "./system-roots.ts";
import { connectTrouble, noAnswer, noTls } from "./connect-errors.ts";
import { evaluateTrust, evaluateTrustWith, refusalOf } from "./evaluate-trust.ts";
import type { Shown, TrustVerdict } from "./evaluate-trust.ts";

/** A server that does not answer in time has made no statements. */
const askMs = 5_000;

export interface TlsConnectorOptions {
  readonly clock: Clock;
  readonly known: KnownServers;
  readonly log: Log;
  /** Returns the device's TLS identity. @throws an error with a sentence if it is damaged */
  identity(): Promise<TlsIdentity>;
}

interface Handshake {
  readonly link: LineClient;
  readonly shown: Pin;
  readonly verdict: TrustVerdict;
}

export class TlsConnector implements Connector {
  readonly #options: TlsConnectorOptions;

  constructor(options: TlsConnectorOptions) {
    this.#options = options;
  }

  async open(address: ServerAddress, wanted: Pin | undefined): Promise<LineClient | ConnectError> {
    const met = await this.#connect(address, wanted);
    if ("reason" in met) return met;
    const { link, shown, verdict } = met;
    const refusal = refusalOf(address.text, shown, verdict);
    if (refusal !== undefined) {
      link.close();
      const expected = "expected" in verdict ? { expected: verdict.expected } : {};
      return { reason: refusal, distrust: { shown, ...expected } };
    }
    try {
      this.#keep(address.text, shown);
    } catch (error) {
      link.close();
      return { reason: messageOf(error) };
    }
    return link;
  }

  /**
   * Reports who answers at the address and whether it is trusted. Sends only the handshake and that one request, and stores
   * nothing.
   */
  async inspect(
    address: ServerAddress,
    wanted: Pin | undefined,
  ): Promise<{ readonly shown: Pin; readonly verdict: TrustVerdict } | ConnectError> {
    const met = await this.#connect(address, wanted);
    if (!("reason" in met)) met.link.close();
    return met;
  }

  #keep(server: string, shown: Pin): void {
    const { known, log } = this.#options;
    const before = known.pinOf(server);
    if (before === shown) return;
    known.keep(server, shown);
    if (before !== undefined) log.warn("server_key_followed", { server, before, now: shown });
  }

  async #connect(address: ServerAddress, wanted: Pin | undefined): Promise<Handshake | ConnectError> {
    try {
      const known = this.#options.known.pinOf(address.text);
      const { key, certificate } = await this.#options.identity();
      const socket = connect({
        ...{ host: address.host, port: address.port, autoSelectFamily: true },
        ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
        ...{ key, cert: certificate, minVersion: "TLSv1.3", rejectUnauthorized: false },
        ...(known === undefined && wanted === undefined && !isLoopback(address.host) ? { ca: systemRoots() } : {}),
      });
      const trouble = await this.#awaitHandshake(socket, address);
      // A handshake without a certificate, as in a resumed session, proves nothing.
      const shown = trouble === undefined ? pinOfPeer(socket) : undefined;
      if (shown === undefined) {
        socket.destroy();
        return { reason: trouble ?? noTls(address) };
      }
      socket.setNoDelay(true);
      const local = isLoopback(socket.remoteAddress ?? "");
      const seen: Shown = { shown, known, wanted, local, vouched: socket.authorized };
      const link = new LineClient(socket, this.#options.clock);
      return { link, shown, verdict: await this.#judge(link, seen) };
    } catch (error) {
      return { reason: messageOf(error) };
    }
  }

  async #judge(link: LineClient, seen: Shown): Promise<TrustVerdict> {
    const verdict = evaluateTrust(seen);
    if (!("expected" in verdict)) return verdict;
    const answer = await link.request(pins, {}, { timeoutMs: askMs });
    return answer?.ok === true ? evaluateTrustWith(answer.value.pins, seen) : verdict;
  }

  /** @returns the reason why there is no secure connection */
  async #awaitHandshake(socket: TLSSocket, address: ServerAddress): Promise<string | undefined> {
    return await new Promise((resolve) => {
      let connected = false;
      const done = (trouble: string | undefined): void => {
        deadline.dispose();
        resolve(trouble);
      };
      const deadline = this.#options.clock.setTimer(limits.authenticationMs, () => done(noAnswer(address)));
      // Stays attached, because an unhandled socket error would end the process.
      socket.on("error", (error: Error) => done(connected ? noTls(address) : connectTrouble(address, error)));
      socket.once("connect", () => (connected = true)).once("secureConnect", () => done(undefined));
    });
  }
}
