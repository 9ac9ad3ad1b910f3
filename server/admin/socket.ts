// The private socket through which admin commands reach a running server. A file in the data folder, which only the
// server's user can read, says where it is. Client and server prove to each other that they know the token in that file.
// One request gets one answer, any number of times per connection.

import type { Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Disposable } from "../../base/disposable.ts";
import { readEndpoint } from "../../base/rendezvous/files.ts";
import { listen } from "../../base/rendezvous/listener.ts";
import { NoLine, readLine } from "../../base/rendezvous/read-line.ts";
import { programBuild } from "../../base/version.ts";
import { Invalid } from "../../protocol/validate.ts";
import type { Log } from "../core/ports.ts";
import { adminRequest, refusal } from "./requests.ts";
import type { AdminAnswer, AdminRequest } from "./requests.ts";

/** A request holds at most a name and a password. */
const maxRequestBytes = 64 * 1_024;
/** A command that is silent for this long has forgotten to close. */
const silenceMs = 60_000;

export const adminProtocol = { min: 1, max: 1 } as const;

/** Whether a server has published its socket in that folder. A server that was killed leaves its entry behind. */
export function isServed(dataFolder: string): boolean {
  try {
    return readEndpoint(dataFolder) !== undefined;
  } catch {
    return false;
  }
}

/** @param handle answers a request @throws an error with a sentence, or the system's error */
export async function openAdminSocket(
  dataFolder: string,
  handle: (request: AdminRequest) => Promise<AdminAnswer>,
  clock: Clock,
  log: Log,
): Promise<Disposable> {
  const sockets = new Set<Socket>();
  const listener = await listen({
    ...{ folder: dataFolder, isOpen: true, clock, subject: "The server", build: programBuild, protocol: adminProtocol },
    waitMs: 0,
    onConnection(socket) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      void serve(socket, handle, clock);
    },
    isBusy: () => true,
    onRetire: () => undefined,
    onDropped: (reason) => log.warn("admin_dropped", { error: reason }),
  });
  if (!listener) throw new Error(`Another process listens for ${dataFolder}. End it, and start the server again.`);
  return {
    dispose() {
      listener.dispose();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function serve(
  socket: Socket,
  handle: (request: AdminRequest) => Promise<AdminAnswer>,
  clock: Clock,
): Promise<void> {
  try {
    for (;;) {
      const line = await readLine(socket, maxRequestBytes, clock, silenceMs);
      socket.write(`${JSON.stringify(await answer(line, handle))}\n`);
    }
  } catch (error) {
    if (!(error instanceof NoLine)) throw error;
    socket.end();
  }
}

async function answer(line: string, handle: (request: AdminRequest) => Promise<AdminAnswer>): Promise<AdminAnswer> {
  let request: AdminRequest | Invalid;
  try {
    request = adminRequest.read(JSON.parse(line), "");
  } catch {
    return refusal("The server did not understand the command: it is of another version.");
  }
  if (request instanceof Invalid) {
    return refusal(`The server did not understand the command (${request.reason}): it is of another version.`);
  }
  return await handle(request);
}
