// The command `serve`: starts the server, says where it listens, and stops it when it is told to: by SIGTERM, SIGINT, or by
// the end of the parent's IPC channel when a parent started it with one (the daemon hosts servers this way).

import { systemClock } from "../base/clock.ts";
import type { Environment } from "../base/home.ts";
import { startRest } from "../base/rest.ts";
import { chatAddress, hostAndPort, leaveChatAddress } from "./chat-address.ts";
import { readConfig, UsageError } from "./config.ts";
import type { Given } from "./config.ts";
import { createPinoLog } from "./operations/pino-log.ts";
import { startServer } from "./server.ts";
import { reasonOf } from "./start-failure.ts";

/** Of the admin commands. */
const otherFlags = ["password-stdin", "uses", "expires", "server"];

/**
 * Fulfilled when the server has stopped.
 * @throws UsageError, StartFailure
 */
export async function serve(flags: Given, env: Environment): Promise<void> {
  for (const flag of otherFlags) if (flags.has(flag)) throw new UsageError(`--${flag} is not an option of serve.`);
  const config = readConfig(flags, env);
  const log = createPinoLog(config.logLevel, systemClock);
  // Whoever read the output may be gone; the server goes on.
  process.stdout.on("error", () => undefined);
  const told = toldToStop();
  const server = await startServer(config, systemClock, log);
  try {
    leaveChatAddress(config.data, server);
  } catch (error) {
    // Only a convenience for `invite create`.
    log.warn("address_not_left", { error: reasonOf(error) });
  }
  process.stdout.write(`chat-room-server listening on ${hostAndPort(server)}\n${chatAddress(server)}\n`);
  process.on("SIGHUP", () => void server.reloadTls());
  const rest = startRest(systemClock, log);
  log.info("stopping", { reason: await told });
  rest.dispose();
  await server.stop();
}

function toldToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"));
    process.once("SIGINT", () => resolve("SIGINT"));
    if (process.connected) process.once("disconnect", () => resolve("disconnect"));
  });
}
