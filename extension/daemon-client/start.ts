// Opens a connection to this person's daemon and starts one where none runs, through base/rendezvous: one folder a
// person, one daemon a folder, however many windows come at once.

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogOutputChannel } from "vscode";
import { homeFolder } from "../../base/home/home.ts";
import { connectOrStart } from "../../base/rendezvous/client.ts";
import { spawnDetached } from "../../base/rendezvous/spawn.ts";
import { programBuild } from "../../base/version.ts";
import { editorProtocol } from "../../protocol/api/version.ts";
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
    // Told to the daemon as it is resolved here, so that both mean the same.
    const folder = homeFolder(process.env);
    const socket = await connectOrStart({
      folder,
      build: programBuild,
      protocol: editorProtocol,
      deadlineMs: startMs,
      start: () => spawnDetached(program, [], { ...process.env, CHAT_ROOM_HOME: folder }),
    });
    return openLanguageClient(socket, log);
  };
}
