// Opens connections to servers whose identity has been checked. tls-connector.ts makes the real ones.

import type { Pin } from "../../protocol/pin.ts";
import type { ServerAddress } from "./server-address.ts";
import type { LineClient } from "./line-client.ts";

/** A key that was not trusted, so nothing was sent to the server. */
export interface UntrustedKey {
  readonly shown: Pin;
  /** The key that it should have; absent at first sight. */
  readonly expected?: Pin;
}

export interface ConnectError {
  readonly reason: string;
  readonly distrust?: UntrustedKey;
}

export interface Connector {
  /**
   * Connects and checks the key. @param wanted the key that the server must have; without it the known key, or one that may
   * be trusted on first use
   */
  open(address: ServerAddress, wanted: Pin | undefined): Promise<LineClient | ConnectError>;
}
