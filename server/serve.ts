// The command `serve`: starts the server, says where it listens, and stops it when it is told to: by SIGTERM, SIGINT, or by
// the end of the parent's IPC channel when a parent started it with one (the daemon hosts servers this way).

import { systemClock } from "../base/clock.ts";
import type { Environment } from "../base/home.ts";
import { createLog } from "../base/log.ts";
import { readConfig, UsageError } from "./config.ts";
import type { Given } from "./config.ts";
import { startServer } from "./server.ts";

/**
 * Fulfilled when the server has stopped.
 * @throws UsageError, StartFailure
 */
export async function serve(flags: Given, env: Environment): Promise<void> {
  if (flags.has("password-stdin")) throw new UsageError("--password-stdin is an option of user.");
  const config = readConfig(flags, env);
  const log = createLog(config.logLevel, systemClock, (line) => process.stderr.write(line));
  // What the server writes is for its own user alone.
  process.umask(0o077);
  // Whoever read the output may be gone; the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const told = toldToStop();
  const server = await startServer(config, systemClock, log);
  const host = server.address.includes(":") ? `[${server.address}]` : server.address;
  process.stdout.write(`chat-room-server listening on ${host}:${server.port}\nchat://${host}:${server.port}\n`);
  log.info("stopping", { reason: await told });
  await server.stop();
  if (process.connected) process.disconnect();
}

function toldToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"));
    process.once("SIGINT", () => resolve("SIGINT"));
    if (process.connected) process.once("disconnect", () => resolve("disconnect"));
  });
}
