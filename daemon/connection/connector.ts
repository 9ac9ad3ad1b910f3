// The way to a server: a connection on which it is certain who answers. Real connections go through tls-door.ts.

import type { Pin } from "../../protocol/pin.ts";
import type { ServerAddress } from "./server-address.ts";
import type { LineClient } from "./line-client.ts";

/** Why a server was not trusted with anything. */
export interface UntrustedKey {
  readonly shown: Pin;
  /** The key that it should have; absent where it is seen for the first time. */
  readonly expected?: Pin;
}

export interface ConnectError {
  readonly reason: string;
  readonly distrust?: UntrustedKey;
}

export interface Connector {
  /** @param wanted the key that the server must have; without it the one that is known, or that may be trusted at first */
  open(address: ServerAddress, wanted: Pin | undefined): Promise<LineClient | ConnectError>;
}
