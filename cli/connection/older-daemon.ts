// Warns on the error stream, once per day, that the daemon is older than this command. An update takes effect only once
// nothing uses the older daemon any more.

import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { readPrivateJson, writePrivateFile } from "../../base/files/private-file.ts";
import { olderDaemonInUse } from "../../client/older-daemon.ts";
import { integer, object } from "../../protocol/validate.ts";
import type { DaemonConnection } from "./daemon-connection.ts";
import type { Output } from "../terminal/output.ts";

const noticeSchema = object({ olderDaemonAtMs: integer({ min: 0 }) });
const dayMs = 24 * 60 * 60 * 1_000;

export interface OlderDaemonOptions {
  readonly home: string;
  /** The build of this command line. */
  readonly build: number;
  readonly clock: Clock;
  readonly output: Pick<Output, "hint">;
}

export async function tellOfOlderDaemon(client: DaemonConnection, options: OlderDaemonOptions): Promise<void> {
  const { home, build, clock, output } = options;
  const file = join(home, "told.json");
  const nowMs = clock.nowMs();
  const toldMs = readPrivateJson(file, noticeSchema)?.olderDaemonAtMs;
  // A clock that was set back silences nothing.
  if (toldMs !== undefined && toldMs <= nowMs && nowMs - toldMs < dayMs) return;
  const older = await olderDaemonInUse(client, build);
  if (!older) return;
  output.hint(
    `An older daemon (version ${older.version}) is still in use by another window or command. It is replaced when those ` +
      "have ended; chat-room stop ends it now.",
  );
  try {
    writePrivateFile(file, JSON.stringify({ olderDaemonAtMs: Math.round(nowMs) }));
  } catch {
    // The warning is then repeated.
  }
}
