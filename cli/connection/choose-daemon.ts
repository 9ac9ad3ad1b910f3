// Chooses the daemon for the command line: this person's own, or, in a terminal of an editor window, that of the window.
// The window may be on another machine than the terminal. A daemon on the terminal's machine would then sign the window
// out, so it is never used instead unless the person asks for it.

import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { hostname } from "node:os";
import { dirname, isAbsolute } from "node:path";
import { homeFolder } from "../../base/home/home.ts";
import type { Environment } from "../../base/home/home.ts";
import { connectOnly, connectOrStart } from "../../base/rendezvous/connect.ts";
import type { CallOptions, Started } from "../../base/rendezvous/connect.ts";
import { readHolder } from "../../base/rendezvous/files.ts";
import { homeIdAt } from "../../base/home/device.ts";

/** A daemon and how to reach it. */
export interface ChosenDaemon {
  readonly home: string;
  /** The socket address, in place of the one in its folder. */
  readonly address?: string;
  /** The id of the daemon's home; undefined: any daemon that serves that home. */
  readonly id?: string;
  /** Whether it may be started if it is not running. */
  readonly mayStart: boolean;
}

/** `CHAT_ROOM_HOME` is set by the person; `CHAT_ROOM_SOCKET` and `_ID` by the window, or for a forwarded socket. */
export function chooseDaemon(env: Environment): ChosenDaemon | { readonly reason: string } {
  const { CHAT_ROOM_HOME: chosen = "", CHAT_ROOM_SOCKET: address = "", CHAT_ROOM_SOCKET_ID: id = "" } = env;
  if (chosen !== "" || address === "") return { home: homeFolder(env), mayStart: true };
  const home = dirname(address);
  if (!isAbsolute(address) || !existsSync(home)) return { reason: elsewhere(address) };
  const holder = readHolder(home);
  const isHere = holder === undefined || holder.host === hostname();
  const mayStart = isHere && id !== "" && homeIdAt(home) === id;
  return { home, address, mayStart, ...(id === "" ? {} : { id }) };
}

/**
 * Connects to the chosen daemon.
 * @returns undefined if it is not running and may not be started, or `start` is not given
 * @throws an error with a sentence
 */
export async function reach(
  { home, address, mayStart }: ChosenDaemon,
  call: Omit<CallOptions, "folder">,
  start?: () => Promise<Started>,
): Promise<Socket | undefined> {
  const options = { ...call, folder: home, ...(address === undefined ? {} : { address }) };
  return start && mayStart ? await connectOrStart({ ...options, start }) : await connectOnly(options);
}

export function elsewhere(address: string): string {
  return (
    `This terminal belongs to a window whose Chat Room daemon cannot be reached from here (${address}): it runs on another ` +
    "machine, or has ended. Use Chat Room in the window, or forward the socket (docs/command-line.md). For a daemon of this " +
    "machine set CHAT_ROOM_SOCKET to nothing; signing in there ends the session of the window."
  );
}
