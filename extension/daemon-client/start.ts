// Opens a connection to this person's daemon and starts one where none runs, through base/rendezvous: one folder a
// person, one daemon a folder, however many windows come at once.

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogOutputChannel } from "vscode";
import { homeFolder } from "../../base/home/home.ts";
import { connectOrStart } from "../../base/rendezvous/client.ts";
import { programBuild } from "../../base/version.ts";
import { ownVersion, startDaemon } from "../../client/start-daemon.ts";
import type { Connection } from "./client.ts";
import { openLanguageClient } from "./language-client.ts";

/** Of this window; a daemon of a lower one is older. */
export const ownBuild = programBuild;

/** Longer than a daemon takes on a busy machine; then a person should begin to hear of it. */
const startMs = 12_000;

/** @param extensionFolder holds dist/daemon.js */
export function daemonOpener(extensionFolder: string, log: LogOutputChannel): () => Promise<Connection> {
  const program = join(extensionFolder, "dist", "daemon.js");
  return async () => {
    // The window waits for `activate`, which must not wait for any of this.
    await nextTurn();
    const folder = homeFolder(process.env);
    const socket = await connectOrStart({
      folder,
      ...ownVersion,
      deadlineMs: startMs,
      start: () => startDaemon(program, folder),
    });
    return openLanguageClient(socket, log);
  };
}
