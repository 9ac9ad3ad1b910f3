// The command `serve`: starts the server, prints where it listens, and stops it on SIGTERM, on SIGINT, or at the end of the
// parent's IPC channel if a parent started it with one (the daemon hosts servers this way).

import { messageOf } from "../base/error-message.ts";
import { systemClock } from "../base/clock.ts";
import type { Environment } from "../base/home/home.ts";
import { startIdleGarbageCollector } from "../base/idle-gc.ts";
import { hostAndPort } from "../protocol/server-address.ts";
import { chatAddress, writeAddressFile } from "./startup/address-file.ts";
import { readConfig, UsageError } from "./config/config.ts";
import type { Given, ServerConfig } from "./config/config.ts";
import { inContainer } from "./startup/container.ts";
import type { EarlyEvents } from "./operations/early-events.ts";
import { endProcess, logCrashes } from "./operations/crash-report.ts";
import { LineSink } from "./operations/line-sink.ts";
import { openLineTarget } from "./operations/line-target.ts";
import { openServerLog } from "./operations/pino-log.ts";
import type { ServerLog } from "./operations/pino-log.ts";
import { ServiceManager } from "./operations/service-manager.ts";
import { startServer } from "./server.ts";
import type { RunningServer } from "./server.ts";

/** Options of the admin commands. */
const otherFlags = ["password-stdin", "uses", "expires", "server"];
/** How long output that nobody has read yet may delay the exit. */
const flushMs = 1_000;

/**
 * Resolves once the server has stopped.
 * @throws UsageError, StartFailure
 */
export async function serve(flags: Given, env: Environment, early: EarlyEvents): Promise<void> {
  for (const flag of otherFlags) if (flags.has(flag)) throw new UsageError(`--${flag} is not an option of serve.`);
  const config = readConfig(flags, env);
  const log = openServerLog(config.logLevel, systemClock);
  logCrashes(log);
  early.onWarning((warning) => log.warn("runtime_warning", { name: warning.name, text: warning.message }));
  // The two lines that report readiness; the parent may never read them.
  const output = new LineSink(openLineTarget(1), { clock: systemClock, onDropped: () => undefined });
  const manager = new ServiceManager(env, systemClock, log);
  const stopped = watchForStop();
  const server = await startServer(config, systemClock, log);
  saveAddress(config, env, server, log);
  output.write(`chat-room-server listening on ${hostAndPort(server.address, server.port)}\n${chatAddress(server)}\n`);
  manager.ready();
  early.onHangup(() => {
    // On Windows, SIGHUP means that the console was closed.
    if (process.platform === "win32") stopped.request("SIGHUP");
    else if (server.reloadTls()) saveAddress(config, env, server, log);
  });
  const rest = startIdleGarbageCollector(systemClock, log);
  log.info("stopping", { reason: await stopped.requested });
  manager.stopping();
  rest.dispose();
  await server.stop();
  manager.dispose();
  await Promise.all([log.flush(flushMs), output.flush(flushMs)]);
  if (log.stuck || output.stuck) endProcess(0, true);
}

function watchForStop(): { readonly requested: Promise<string>; request(reason: string): void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  process.once("SIGTERM", () => resolve("SIGTERM"));
  process.once("SIGINT", () => resolve("SIGINT"));
  if (process.connected) process.once("disconnect", () => resolve("disconnect"));
  return { requested: promise, request: resolve };
}

/** Failing is only logged: the address is a convenience for `invite create`. */
function saveAddress({ data }: ServerConfig, env: Environment, server: RunningServer, log: ServerLog): void {
  try {
    writeAddressFile(data, server, inContainer(env));
  } catch (error) {
    log.warn("address_not_left", { error: messageOf(error) });
  }
}
