// A connector to servers without TLS, for tests whose server is a script or a simulation and that are not about the key.

import { connect } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Connector } from "../../daemon/connection/connector.ts";
import { LineClient } from "../../daemon/connection/line-client.ts";
import { connectTrouble, noAnswer } from "../../daemon/connection/connect-errors.ts";
import { limits } from "../../protocol/limits.ts";

export function plainConnector(clock: Clock): Connector {
  return {
    async open(address) {
      const socket = connect({ host: address.host, port: address.port, noDelay: true });
      const trouble = await new Promise<string | undefined>((resolve) => {
        const deadline = clock.setTimer(limits.authenticationMs, () => resolve(noAnswer(address)));
        const failed = (error: Error): void => {
          deadline.dispose();
          resolve(connectTrouble(address, error));
        };
        socket.once("error", failed).once("connect", () => {
          deadline.dispose();
          socket.off("error", failed);
          resolve(undefined);
        });
      });
      if (trouble === undefined) return new LineClient(socket, clock);
      socket.destroy();
      return { reason: trouble };
    },
  };
}
