// Opens a connection to this person's daemon, starting one if none runs, through base/rendezvous: one folder per person and
// one daemon per folder, however many windows start at once.

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogOutputChannel } from "vscode";
import { homeFolder } from "../../base/home/home.ts";
import { connectOrStart } from "../../base/rendezvous/connect.ts";
import { programBuild } from "../../base/version.ts";
import { ownVersion, startDaemon } from "../../client/start-daemon.ts";
import type { Connection } from "./client.ts";
import { openLanguageClient } from "./language-client.ts";

/** The build of this window; a daemon with a lower one is older. */
export const ownBuild = programBuild;

/** Longer than a daemon takes on a busy machine. After this, the person should be told. */
const startMs = 12_000;

/** Returns a function that opens connections. @param extensionFolder contains dist/daemon.js */
export function daemonOpener(extensionFolder: string, log: LogOutputChannel): () => Promise<Connection> {
  const program = join(extensionFolder, "dist", "daemon.js");
  return async () => {
    // `activate` must return first, because the window waits for it.
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
