// Where a person's own files are: `CHAT_ROOM_HOME`, else the platform's folder for state. Not a temporary folder: those
// differ between programs of one session. The folder is private to the person, and refused where it is not.

import { lstatSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { makeFolder } from "./make-folder.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export function homeFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const chosen = env["CHAT_ROOM_HOME"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "chat-room");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "chat-room");
  const state = env["XDG_STATE_HOME"];
  return join(state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local", "state"), "chat-room");
}

/**
 * Makes the folder for this user alone, or checks that it is (CWE-732, CWE-59).
 * @throws with a sentence that says what to do
 */
export function ensurePrivateFolder(folder: string): void {
  makeFolder(folder);
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder. Move it away, or set CHAT_ROOM_HOME.`);
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) {
    throw new Error(`${folder} belongs to another user. Set CHAT_ROOM_HOME to a folder of your own.`);
  }
  if ((found.mode & 0o077) !== 0) {
    throw new Error(`Others can open ${folder}. Run: chmod 700 '${folder}', or set CHAT_ROOM_HOME to another folder.`);
  }
}
